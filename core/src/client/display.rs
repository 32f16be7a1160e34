//! Clients as text, for logs.

use std::fmt;

use super::{AsyncPublicScalekitClient, AsyncScalekitClient};
#[cfg(feature = "blocking")]
use super::{PublicScalekitClient, ScalekitClient};

macro_rules! displayed {
    ($($Client:ident),*) => { $(
        impl fmt::Display for $Client {
            /// The environment URL and the client ID, never the secret.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let url = self.wire.origin().as_str().trim_end_matches('/');
                write!(f, "{}({url}, {})", stringify!($Client), self.wire.client_id())
            }
        }
    )* };
}

displayed!(AsyncScalekitClient, AsyncPublicScalekitClient);
#[cfg(feature = "blocking")]
displayed!(ScalekitClient, PublicScalekitClient);

#[cfg(test)]
mod tests {
    use crate::{AsyncPublicScalekitClient, AsyncScalekitClient, ClientOptions};

    #[test]
    fn client_displays_url_and_client_id_but_not_its_secret() {
        let (url, options) = ("https://acme.example:8443/", ClientOptions::default());
        let client = AsyncScalekitClient::new(url, "skc_1", "canary", options.clone()).unwrap();
        assert_eq!(client.to_string(), "AsyncScalekitClient(https://acme.example:8443, skc_1)");
        assert!(!format!("{client:?}").contains("canary"));
        let public = AsyncPublicScalekitClient::new(url, "prc_1", options).unwrap();
        assert_eq!(public.to_string(), "AsyncPublicScalekitClient(https://acme.example:8443, prc_1)");
    }
}
