//! What people who look on may see: with the client view on, only the client at the table, no notes and no evidence.

use super::form::{Form, Purpose};
use super::keymap::Action;
use super::model::{Model, Screen, Tab};
use super::overlay::Overlay;

/// True when the screen tells of other firms, of notes or of evidence. What is not known to be harmless is covered.
pub fn screen(model: &Model) -> bool {
    model.look.client_safe
        && match &model.screen {
            Screen::Work(work) => matches!(work.tab, Tab::Notes | Tab::Evidence),
            Screen::Locked { .. } | Screen::Doctor { .. } => false,
            _ => true,
        }
}

/// True when the form shows what was said in confidence, or something stored over a covered screen.
pub fn form(model: &Model, form: &Form) -> bool {
    use Purpose::{Filter, Memo, Unlock};
    // These show what the hands type now; that of a new client may hold a draft of another firm.
    let typed_now = matches!(form.purpose, Filter | Memo(_) | Unlock);
    model.look.client_safe && (form.confidential() || screen(model) && !typed_now)
}

/// True when a window may tell of other firms: a page or a question over a covered screen, and whatever is not known
/// to be harmless.
pub fn overlay(model: &Model, overlay: &Overlay) -> bool {
    use Overlay::{AsOf, Choices, Confirm, Help, Keys, Page, Palette, Paste, Phrases, Problem, Search, Seek};
    // The search leaves out by itself what they may not see.
    let harmless = matches!(
        overlay,
        AsOf { .. } | Help { .. } | Keys { .. } | Palette { .. } | Choices(_) | Problem(_) | Search(_)
    );
    let of_screen = matches!(overlay, Page { .. } | Confirm { .. } | Paste(_) | Phrases { .. } | Seek(_));
    model.look.client_safe && !harmless && (!of_screen || screen(model))
}

/// True for actions that nobody should do to what is covered.
pub fn blocks(model: &Model, action: Action) -> bool {
    use Action::{
        Attach, AttachText, Attachments, Back, ClientSafe, Copy, CopyOut, Go, Help, Keys, Lock, Memo, Move, Open,
        Palette, Past, Prefix, Quit, Redraw, Search, Suspend,
    };
    let goes_on = matches!(
        action,
        Back | ClientSafe
            | Go(_)
            | Help
            | Keys
            | Lock
            | Move(_)
            | Palette
            | Prefix(_)
            | Quit
            | Redraw
            | Search
            | Suspend
    );
    let begins = matches!(model.screen, Screen::Work(_)) && action == Memo;
    // Enter in a window is for the window.
    let in_window = model.overlay.is_some() && matches!(action, Open);
    let private =
        model.look.client_safe && matches!(action, Attach | AttachText | Attachments | Copy(_) | CopyOut(_) | Past);
    private || screen(model) && model.form.is_none() && !goes_on && !begins && !in_window
}
