//! The pure half: model, update, view and keys. It decides nothing about the programme and does no work.
