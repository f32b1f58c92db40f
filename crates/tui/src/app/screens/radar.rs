//! The radar of the axes in braille dots: an ornament beside the bars, computed without a terminal.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use bansou_core::text::Text;
use ratatui::layout::Rect;

use super::Scene;
use crate::app::canvas::Canvas;
use crate::app::look::Role;

/// Cells kept free at each side for the names.
const SIDE: u16 = 10;

/// Dots of a picture, two across and four down in each cell.
#[derive(Default)]
struct Dots(BTreeMap<(u16, u16), u8>);

impl Dots {
    /// Sets the dot at a place counted in dots.
    fn set(&mut self, x: f64, y: f64) {
        if x < 0.0 || y < 0.0 {
            return;
        }
        let (x, y) = (x.round() as u16, y.round() as u16);
        let bit = match (x % 2, y % 4) {
            (0, 0) => 0x01,
            (0, 1) => 0x02,
            (0, 2) => 0x04,
            (0, _) => 0x40,
            (_, 0) => 0x08,
            (_, 1) => 0x10,
            (_, 2) => 0x20,
            _ => 0x80,
        };
        *self.0.entry((x / 2, y / 4)).or_default() |= bit;
    }

    /// A line of dots, every `gap`th drawn.
    fn line(&mut self, from: (f64, f64), to: (f64, f64), gap: usize) {
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).ceil().max(1.0) as usize;
        for step in (0..=steps).step_by(gap) {
            let part = step as f64 / steps as f64;
            self.set(from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, role: Role) {
        for ((x, y), bits) in &self.0 {
            let symbol = char::from_u32(0x2800 + u32::from(*bits)).unwrap_or(' ');
            if *x < area.width && *y < area.height {
                canvas.text(area.x + x, area.y + y, 1, &symbol.to_string(), role);
            }
        }
    }
}

/// The corners of a web: one per axis, `percent` of the way from the middle.
fn corners(percents: &[u8], middle: (f64, f64), reach: (f64, f64)) -> Vec<(f64, f64)> {
    let count = percents.len().max(1) as f64;
    let corner = |(index, percent): (usize, &u8)| {
        let angle = TAU * index as f64 / count;
        let part = f64::from(*percent) / 100.0;
        (middle.0 + angle.sin() * reach.0 * part, middle.1 - angle.cos() * reach.1 * part)
    };
    percents.iter().enumerate().map(corner).collect()
}

fn web(dots: &mut Dots, corners: &[(f64, f64)], gap: usize) {
    for (index, corner) in corners.iter().enumerate() {
        dots.line(*corner, corners[(index + 1) % corners.len()], gap);
    }
}

/// Draws the web of now over the web of before, with the names of the axes around.
pub fn draw(
    scene: &Scene<'_>,
    now: &[(&Text, Option<u8>)],
    before: Option<&[(&Text, Option<u8>)]>,
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let inner = Rect {
        x: area.x + SIDE,
        y: area.y + 1,
        width: area.width.saturating_sub(2 * SIDE),
        height: area.height.saturating_sub(2),
    };
    if inner.width < 4 || inner.height < 3 {
        return;
    }
    let size = (f64::from(inner.width * 2 - 1), f64::from(inner.height * 4 - 1));
    let middle = (size.0 / 2.0, size.1 / 2.0);
    let percents = |axes: &[(&Text, Option<u8>)]| axes.iter().map(|a| a.1.unwrap_or(0)).collect::<Vec<u8>>();
    let edge = vec![100; now.len()];
    let mut frame = Dots::default();
    web(&mut frame, &corners(&edge, middle, middle), 4);
    frame.draw(canvas, inner, Role::Quiet);
    let layer = |axes: &[(&Text, Option<u8>)], gap: usize| {
        let mut dots = Dots::default();
        web(&mut dots, &corners(&percents(axes), middle, middle), gap);
        dots
    };
    if let Some(before) = before {
        layer(before, 2).draw(canvas, inner, Role::Busy);
    }
    layer(now, 1).draw(canvas, inner, Role::Good);
    names(scene, now, canvas, inner);
}

fn names(scene: &Scene<'_>, axes: &[(&Text, Option<u8>)], canvas: &mut Canvas<'_>, inner: Rect) {
    let count = axes.len().max(1) as f64;
    for (index, (name, _)) in axes.iter().enumerate() {
        let angle = TAU * index as f64 / count;
        let name = name.get(scene.model.lang());
        let wide = canvas.cells(name);
        let (half, middle) = (inner.width / 2, inner.x + inner.width / 2);
        let reach = (angle.sin().abs() * f64::from(half)).round() as u16;
        let down = ((1.0 - angle.cos()) / 2.0 * f64::from(inner.height + 1)).round() as u16;
        let y = inner.y - 1 + down;
        let x = match angle.sin() {
            s if s.abs() < 0.1 => middle.saturating_sub(wide / 2),
            s if s > 0.0 => middle + reach + 1,
            _ => middle.saturating_sub(reach + 1 + wide),
        };
        canvas.text(x, y, wide, name, Role::Plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_fill_a_braille_cell_in_its_own_order() {
        let mut dots = Dots::default();
        for (x, y) in [(0.0, 0.0), (1.0, 3.0)] {
            dots.set(x, y);
        }
        assert_eq!(dots.0.get(&(0, 0)), Some(&0x81));
    }

    #[test]
    fn a_full_axis_reaches_the_edge_and_an_empty_one_the_middle() {
        let found = corners(&[100, 0, 50], (10.0, 10.0), (10.0, 10.0));
        assert!((found[0].1 - 0.0).abs() < 1e-9 && (found[1].0 - 10.0).abs() < 1e-9);
    }
}
