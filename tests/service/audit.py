"""What must hold of an installation whatever was done to it."""

from review.ports.records import RegisterQuery
from review.service.projection import due_on
from review.service.record import records
from review.service.recording import load
from tests.service.site import Site


def audit(site: Site) -> None:
    """Check that the record is whole and says what register, vault and cases say."""
    heads = site.witness.heads()
    verified = records.check(site.desk, witnessed=heads)
    assert heads[-1].digest == verified.head
    assert site.vault.check().unopened == ()
    with site.desk.store.reading() as reading:
        assert reading.doomed() == ()
        for row in reading.register(RegisterQuery(limit=500)):
            case = load(reading, row.number)
            assert (row.stage, row.version, row.round, row.purged) == (
                case.stage,
                case.version,
                case.round.number,
                case.purged,
            )
            kept = reading.kept_digests(row.number)
            assert bool(kept) != case.purged
            assert all(site.vault.exists(one) for one in kept)
            policy, days = site.desk.policy, site.desk.days
            assert row.due_on == due_on(case, policy=policy, days=days)
