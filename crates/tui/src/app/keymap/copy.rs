//! The choices after `y`: what is copied, in small letters inside the program, in capitals to the terminal.

use super::{Action, Binding, CANCEL, Copy, ESC, bind, hint};
use crate::app::key::Key;

pub(super) const COPY: &[Binding] = &[
    bind(&[Key::char('y'), Key::char('r')], Action::Copy(Copy::Row), "copy.row"),
    bind(&[Key::char('c')], Action::Copy(Copy::Cell), "copy.cell"),
    bind(&[Key::char('t')], Action::Copy(Copy::All), "copy.all"),
    bind(&[Key::char('s')], Action::Copy(Copy::Summary), "copy.short"),
    bind(&[Key::char('Y'), Key::char('R')], Action::CopyOut(Copy::Row), "copy.row_out"),
    bind(&[Key::char('C')], Action::CopyOut(Copy::Cell), "copy.cell_out"),
    bind(&[Key::char('T')], Action::CopyOut(Copy::All), "copy.all_out"),
    bind(&[Key::char('S')], Action::CopyOut(Copy::Summary), "copy.short_out"),
    hint(&[ESC, CANCEL], Action::Back, "key.close"),
];
