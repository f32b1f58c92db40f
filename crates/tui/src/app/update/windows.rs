//! Windows over the screen: explaining it, listing what can be done, and what becomes of them when people look on.

use super::{guide, search};
use crate::app::field::Field;
use crate::app::keymap::Action;
use crate::app::list::Cursor;
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::search::refresh;

/// Opens help, the keys, the palette or the guidance; a search that was on the screen is kept to come back to.
pub(super) fn open(model: &mut Model, action: Action) {
    if matches!(model.overlay, Some(Overlay::Search(_))) {
        search::put_away(model);
    }
    let (of, cursor) = (model.table_below(), Cursor::default());
    model.overlay = Some(match action {
        Action::Help => Overlay::Help { of, cursor },
        Action::Keys => Overlay::Keys { of, cursor },
        Action::Palette => Overlay::Palette { query: Field::default(), cursor },
        _ => return guide::open_guidance(model),
    });
}

/// People begin or cease to look on.
pub(super) fn client_safe(model: &mut Model) {
    model.look.client_safe = !model.look.client_safe;
    // A text that was opened before may hold what was said in confidence; a search looks again.
    if model.look.client_safe && !matches!(model.overlay, Some(Overlay::Search(_))) {
        model.overlay = None;
    }
    model.say(match model.look.client_safe {
        true => "notice.client_safe_on",
        false => "notice.client_safe_off",
    });
    refresh(model);
}
