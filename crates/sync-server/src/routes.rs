//! The whole interface of the server on one page.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, head, put};

use crate::answer::Refused;
use crate::app::App;
use crate::{publish, reading, upload};

/// Every route; anything else is 404 or 405.
pub fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(reading::health))
        // Signed by the secretariat's root key.
        .route("/v1/recipients", get(reading::recipients).put(publish::recipients))
        .route("/v1/roster", put(publish::roster))
        // A ticket signed by an expert of the roster admits a bundle; who carries it does not matter.
        .route("/v1/tickets/{sha}", put(upload::put_ticket))
        .route(
            "/v1/bundles/{sha}",
            head(upload::head_bundle).patch(upload::patch_bundle).get(reading::bundle), // GET: staff
        )
        // Whoever knows a hash may read what belongs to it.
        .route("/v1/receipts/{sha}", get(reading::receipt))
        .route("/v1/acks/{sha}", get(reading::ack).put(publish::ack)) // PUT: staff
        // Signed by a staff key of the roster.
        .route("/v1/inbox", get(reading::inbox))
        // Signed by an expert's key of the roster; only what this key sent.
        .route("/v1/mailbox", get(reading::mailbox))
        .fallback(async || Refused::not_found())
        .method_not_allowed_fallback(async || Refused::bad_method())
        .with_state(app)
}
