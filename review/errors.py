"""The whole error tree, each class with a stable code and a Chinese message.

    XianshenError
    ├── UnreadableError            a file whose contents could not be had: it cannot be cleared
    │   ├── EncryptedError         encrypted
    │   ├── CorruptError           corrupt (also: empty, truncated)
    │   ├── TooLargeError          too_large
    │   ├── UnsupportedError       unsupported
    │   ├── OutOfTimeError         timeout
    │   └── BombError              bomb
    ├── LexiconError               lexicon: a rule file breaks the schema (file and line named)
    │   └── RuleFormError          lexicon: a rule that was typed into a form; the fields are named
    ├── ModelError                 model: the classifier's files are missing or do not fit
    ├── PolicyError                policy: the office's policy file is wrong (file and line named)
    ├── SettingsError              settings: a setting is unknown or wrong (its name given, never its value)
    ├── RefusedError               refused: a rule of the review forbids it (the rule is named)
    │   ├── NotPermittedError      not_permitted: this person may not do this to this case today
    │   ├── WrongStageError        wrong_stage: the case is not where this can be done
    │   ├── IncompleteError        incomplete: something must be done or said first
    │   ├── WeakPasswordError      weak_password: the password does not keep the rule
    │   └── StaleError             stale: the case changed meanwhile
    ├── NotFoundError              not_found: no such case, round, finding, person
    ├── ClearanceError             a clearance that nothing may be published on
    │   ├── ClearanceInvalidError  invalid: altered, malformed or not signed by a known key
    │   ├── ClearanceNotYetValidError  pending: its first day has not come
    │   ├── ClearanceExpiredError  expired
    │   ├── ClearanceRevokedError  revoked
    │   └── StaleRevocationsError  stale: the revocation list is past its next update
    ├── ClearanceKeyError          clearance_key: the file of signing keys is missing or damaged
    ├── LedgerError                ledger: this cannot be recorded, or a key or witness file cannot be used
    │   └── TamperError            tampered: the record was changed, cut, forged or reordered (the place is named)
    ├── VaultError                 vault: the vault of drafts cannot be used as it stands
    │   ├── VaultKeyError          vault_key: a key of the vault is missing, wrong or badly kept
    │   ├── VaultDamagedError      vault_damaged: an envelope was altered or damaged
    │   └── MissingContentsError   missing_contents: nothing lies at this address (purged, never put)
    ├── BackupError                backup: a backup cannot be made, trusted, or put back here
    ├── StoreError                 store: the database is busy, out of reach, or of another version
    ├── EntryError                 not_signed_in: nobody comes in, or gets further, like this
    │   ├── NotSignedInError       not_signed_in: nobody is signed in, or the session is over
    │   ├── SignInRefusedError     sign_in_refused: login name, password or code are not right together
    │   ├── AccountLockedError     account_locked: too many attempts failed; a while must pass
    │   ├── SiteRefusedError       site_refused: a site's key does not hold, or it comes from elsewhere
    │   ├── WrongCodeError         wrong_code: the code of the second factor is not right, or was used
    │   ├── SecondFactorNeededError second_factor_needed: a code of the second factor must be given
    │   │   └── FreshCodeNeededError fresh_code_needed: the last code was given too long ago to sign
    │   ├── SecondFactorEnrolmentNeededError second_factor_enrolment_needed: one must be set up first
    │   └── PasswordChangeNeededError password_change_needed: another password must be set first
    ├── DeliveryError              delivery: a site could not be told, or may not be told there
    ├── ProviderError              provider: the office's provider of sign-ins answers wrongly, or not at all
    ├── QueueError                 queue: the queue's server is out of reach or cannot be started
    ├── MessengerError             messenger: a message to the office's messengers did not go out
    ├── FontError                  font: the font named for the PDFs cannot be embedded
    └── UsageError                 usage: the caller asked for something impossible
        └── ReusedKeyError         reused_key: an idempotency key that belongs to another request

A message says what is wrong and what to do next, in Chinese, and never
quotes the draft.
"""

from typing import ClassVar


class XianshenError(Exception):
    """Carry a stable `code` and a Chinese message for people."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str) -> None:
        """Keep the message that people see."""
        super().__init__(message)
        self.message = message


class UnreadableError(XianshenError):
    """Say that a file's contents could not be read, so nothing was examined."""

    code = "corrupt"


class EncryptedError(UnreadableError):
    """Say that a file opens only with a password."""

    code = "encrypted"


class CorruptError(UnreadableError):
    """Say that a file is empty, truncated or damaged."""

    code = "corrupt"


class TooLargeError(UnreadableError):
    """Say that a file is beyond the limits that were set."""

    code = "too_large"


class UnsupportedError(UnreadableError):
    """Say that no extractor knows this kind of file."""

    code = "unsupported"


class OutOfTimeError(UnreadableError):
    """Say that reading took longer than allowed."""

    code = "timeout"


class BombError(UnreadableError):
    """Say that a small file unpacks to an absurd size."""

    code = "bomb"


class LexiconError(XianshenError):
    """Say which rule file breaks the schema, where and how."""

    code = "lexicon"


class RuleFormError(LexiconError):
    """Say what is wrong with a rule that was typed into a form, field by field."""

    code = "lexicon"

    def __init__(self, message: str, faults: tuple[tuple[str, str], ...]) -> None:
        """Keep the fields that are wrong, and what is wrong with each."""
        super().__init__(message)
        self.faults = faults


class ModelError(XianshenError):
    """Say that the classifier is missing or does not fit the lexicons."""

    code = "model"


class PolicyError(XianshenError):
    """Say what in the office's policy is wrong, where, and what is allowed."""

    code = "policy"


class SettingsError(XianshenError):
    """Say which setting is unknown or wrong; a value may be a secret and is not quoted."""

    code = "settings"


class RefusedError(XianshenError):
    """Say which rule of the review forbids a request, and what would be right."""

    code = "refused"


class NotPermittedError(RefusedError):
    """Say why this person may not do this to this case today."""

    code = "not_permitted"


class WrongStageError(RefusedError):
    """Say that the case is not at the step where this can be done."""

    code = "wrong_stage"


class IncompleteError(RefusedError):
    """Say what must be done or given first."""

    code = "incomplete"


class WeakPasswordError(RefusedError):
    """Say what is wrong with a new password."""

    code = "weak_password"


class StaleError(RefusedError):
    """Say that the case changed since the person looked at it."""

    code = "stale"


class NotFoundError(XianshenError):
    """Say that there is no such case, round, finding or person."""

    code = "not_found"


class ClearanceError(XianshenError):
    """Say that nothing may be published on this clearance."""

    code = "invalid"


class ClearanceInvalidError(ClearanceError):
    """Say that a clearance is altered, malformed or not signed by a known key."""

    code = "invalid"


class ClearanceNotYetValidError(ClearanceError):
    """Say that a clearance is genuine, and that its first day has not come."""

    code = "pending"


class ClearanceExpiredError(ClearanceError):
    """Say that a clearance is genuine, and that its last day has passed."""

    code = "expired"


class ClearanceRevokedError(ClearanceError):
    """Say that a clearance was taken back."""

    code = "revoked"


class StaleRevocationsError(ClearanceError):
    """Say that a revocation list is too old to rely on; a new one is needed."""

    code = "stale"


class ClearanceKeyError(XianshenError):
    """Say that the file of signing keys is missing, damaged or open to others."""

    code = "clearance_key"


class LedgerError(XianshenError):
    """Say what cannot be recorded, or which key or witness file is unusable."""

    code = "ledger"


class TamperError(LedgerError):
    """Say where the record is not what was once sealed."""

    code = "tampered"


class VaultError(XianshenError):
    """Say that the vault of drafts cannot be used as it stands."""

    code = "vault"


class VaultKeyError(VaultError):
    """Say which key of the vault is missing, wrong or badly kept."""

    code = "vault_key"


class VaultDamagedError(VaultError):
    """Say that an envelope in the vault was altered or damaged."""

    code = "vault_damaged"


class MissingContentsError(VaultError):
    """Say that nothing lies at this address: purged, or never put."""

    code = "missing_contents"


class BackupError(XianshenError):
    """Say why a backup cannot be made or put back, and what would help."""

    code = "backup"


class StoreError(XianshenError):
    """Say that the database cannot be used now, and what to do."""

    code = "store"


class EntryError(XianshenError):
    """Say that nobody comes in, or gets further, like this."""

    code = "not_signed_in"


class NotSignedInError(EntryError):
    """Say that nobody is signed in, or that the session is over."""

    code = "not_signed_in"


class SignInRefusedError(EntryError):
    """Say that this lets nobody in, and never which part of it is wrong."""

    code = "sign_in_refused"


class AccountLockedError(EntryError):
    """Say to somebody who is in that too many attempts failed, and until when."""

    code = "account_locked"


class SiteRefusedError(EntryError):
    """Say that a site is not let in: its key, its network, or it is closed."""

    code = "site_refused"


class WrongCodeError(EntryError):
    """Say that the code of the second factor is not right, or was used already."""

    code = "wrong_code"


class SecondFactorNeededError(EntryError):
    """Say that a code of the second factor must be given too."""

    code = "second_factor_needed"


class FreshCodeNeededError(SecondFactorNeededError):
    """Say that who signs gives a code once more: the last was too long ago."""

    code = "fresh_code_needed"


class SecondFactorEnrolmentNeededError(EntryError):
    """Say that a second factor must be set up before anything else."""

    code = "second_factor_enrolment_needed"


class PasswordChangeNeededError(EntryError):
    """Say that another password must be set before anything else."""

    code = "password_change_needed"


class DeliveryError(XianshenError):
    """Say why a site could not be told, or may not be told there."""

    code = "delivery"


class ProviderError(XianshenError):
    """Say that the office's own provider of sign-ins cannot be relied on now."""

    code = "provider"


class QueueError(XianshenError):
    """Say that the queue's server is out of reach or cannot be started."""

    code = "queue"


class MessengerError(XianshenError):
    """Say that a message to the office's messengers did not go out."""

    code = "messenger"


class FontError(XianshenError):
    """Say that a font file cannot be embedded in the PDF forms."""

    code = "font"


class UsageError(XianshenError):
    """Say that a request makes no sense, and what would."""

    code = "usage"


class ReusedKeyError(UsageError):
    """Say that an idempotency key was used for another request before."""

    code = "reused_key"
