"""the books stay in balance, and are only added to."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BALANCED = """
create function book_balanced() returns trigger language plpgsql as $$
begin
  if exists (
    select from book_entry where posting_id = new.posting_id
    group by unit having sum(amount) <> 0
  ) then
    raise exception 'posting % is not balanced', new.posting_id using errcode = 'check_violation';
  end if;
  return null;
end $$
"""
AT_THE_END = """
create constraint trigger book_entry_balanced after insert on book_entry
deferrable initially deferred for each row execute function book_balanced()
"""
KEPT = """
create function book_kept() returns trigger language plpgsql as $$
begin
  raise exception 'the books are only added to' using errcode = 'restrict_violation';
end $$
"""
ENTRIES_KEPT = """
create trigger book_entry_kept before update or delete on book_entry
for each row execute function book_kept()
"""
POSTINGS_KEPT = """
create trigger book_posting_kept before update or delete on book_posting
for each row execute function book_kept()
"""


def upgrade() -> None:
    """Guard the books in the database itself."""
    for statement in (BALANCED, AT_THE_END, KEPT, ENTRIES_KEPT, POSTINGS_KEPT):
        op.execute(statement)
