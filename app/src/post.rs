//! The way out for letters: SMTP, where an installation has set it. It never logs an address or a letter's words.

use std::time::Duration;

use hiec_store::mail::StoredMail;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// A connection to the mail server, kept open between letters.
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Post {
    /// `address` is `smtps://user:password@host:465` or `smtp://host:25`; `from` is who sends.
    pub fn new(address: &str, from: &str) -> Result<Self, String> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(address)
            .map_err(|_| {
                "the setting smtp is no address of a mail server: use smtps://user:password@host:465".to_owned()
            })?
            .timeout(Some(Duration::from_secs(30)))
            .build();
        let from = from
            .parse()
            .map_err(|_| "the setting mail_from is no sender: use Programme office <office@example.org>".to_owned())?;
        Ok(Self { transport, from })
    }

    /// Sends one letter, or says why it did not leave. A letter may arrive twice where the connection broke after it was taken; it is never lost.
    pub async fn send(&self, letter: &StoredMail) -> Result<(), String> {
        let to: Mailbox = letter
            .recipient
            .parse()
            .map_err(|_| "the recipient's address is not one a letter can be sent to".to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .message_id(Some(format!("<{}@hiec>", letter.id)))
            .subject(letter.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .map_err(|error| format!("the letter cannot be written: {error}"))?;
        self.transport.send(message).await.map(|_| ()).map_err(|error| error.to_string())
    }
}
