-- The first tables. {{serial}} and {{bytes}} are the dialect's (see dialect.go). Times are milliseconds UTC,
-- 0 for never; JSON stands in TEXT. Every index named *_new, *_ready, *_open … is partial: it holds what is still
-- to be done, so that no query on the path of a message grows with history.

-- A lane is an address with its undecided arrivals: one worker at a time holds its lease.
CREATE TABLE lanes (
  id          {{serial}},
  channel     TEXT    NOT NULL,
  account     TEXT    NOT NULL,
  key         TEXT    NOT NULL,
  pending     BIGINT  NOT NULL DEFAULT 0,  -- arrivals in state new
  oldest      BIGINT  NOT NULL DEFAULT 0,  -- id of the oldest of them
  fence       BIGINT  NOT NULL DEFAULT 0,  -- rises with every claim and with its end
  lease_until BIGINT  NOT NULL DEFAULT 0,
  expect      TEXT    NOT NULL DEFAULT '', -- guard state, JSON; '' for none
  UNIQUE (channel, account, key)
);
CREATE INDEX lanes_ready ON lanes (oldest) WHERE pending > 0;

CREATE TABLE arrivals (
  id          {{serial}},
  lane        BIGINT  NOT NULL, -- lanes.id; 0 for an event of no conversation
  channel     TEXT    NOT NULL,
  account     TEXT    NOT NULL,
  external_id TEXT    NOT NULL,
  doc         TEXT    NOT NULL, -- guarded JSON
  findings    TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('new', 'decided', 'broken')),
  reason      TEXT    NOT NULL DEFAULT '', -- broken: why
  received_at BIGINT  NOT NULL,
  UNIQUE (channel, account, external_id)
);
CREATE INDEX arrivals_lane ON arrivals (lane, id);
CREATE INDEX arrivals_new ON arrivals (lane, id) WHERE state = 'new';
CREATE INDEX arrivals_broken ON arrivals (id) WHERE state = 'broken';

CREATE TABLE conversations (
  id            TEXT    PRIMARY KEY,
  channel       TEXT    NOT NULL,
  account       TEXT    NOT NULL,
  key           TEXT    NOT NULL,
  user_id       TEXT    NOT NULL DEFAULT '',
  user_name     TEXT    NOT NULL DEFAULT '',
  user_username TEXT    NOT NULL DEFAULT '',
  user_lang     TEXT    NOT NULL DEFAULT '',
  owner         TEXT    NOT NULL DEFAULT 'bot' CHECK (owner IN ('bot', 'human')),
  epoch         BIGINT  NOT NULL DEFAULT 1,
  lang          TEXT    NOT NULL DEFAULT '',
  lang_fixed    TEXT    NOT NULL DEFAULT '',
  state         TEXT    NOT NULL DEFAULT '{}',
  thread        TEXT    NOT NULL DEFAULT '', -- where the user wrote last; agents' words go there
  created_at    BIGINT  NOT NULL,
  updated_at    BIGINT  NOT NULL,
  UNIQUE (channel, account, key)
);

CREATE TABLE messages (
  id           {{serial}},
  conversation TEXT    NOT NULL REFERENCES conversations (id),
  author       TEXT    NOT NULL,
  agent_name   TEXT    NOT NULL DEFAULT '',
  text         TEXT    NOT NULL,
  lang         TEXT    NOT NULL DEFAULT '',
  buttons      TEXT    NOT NULL DEFAULT 'null',
  intent       TEXT    NOT NULL DEFAULT '',
  findings     TEXT    NOT NULL DEFAULT 'null',
  platform_id  TEXT    NOT NULL DEFAULT '',
  arrival      BIGINT  NOT NULL DEFAULT 0,  -- arrivals.id of a user's message
  parcel       TEXT    NOT NULL DEFAULT '', -- outbox.id of an outgoing one: its status and reason stand there
  deleted      BOOLEAN NOT NULL DEFAULT FALSE,
  at           BIGINT  NOT NULL
);
CREATE INDEX messages_conversation ON messages (conversation, id);
CREATE INDEX messages_platform ON messages (conversation, platform_id) WHERE platform_id <> '';
CREATE UNIQUE INDEX messages_arrival ON messages (arrival) WHERE arrival <> 0;
CREATE UNIQUE INDEX messages_parcel ON messages (parcel) WHERE parcel <> '';

CREATE TABLE outbox (
  seq          {{serial}},
  id           TEXT    NOT NULL UNIQUE,
  conversation TEXT    NOT NULL REFERENCES conversations (id),
  epoch        BIGINT  NOT NULL,
  kind         TEXT    NOT NULL,
  author       TEXT    NOT NULL,
  agent_name   TEXT    NOT NULL DEFAULT '',
  thread       TEXT    NOT NULL DEFAULT '',
  reply_to     TEXT    NOT NULL DEFAULT '',
  text         TEXT    NOT NULL, -- '' once sent: the message has what was really sent
  lang         TEXT    NOT NULL DEFAULT '',
  buttons      TEXT    NOT NULL DEFAULT 'null',
  intents      TEXT    NOT NULL DEFAULT 'null',
  message_id   TEXT    NOT NULL DEFAULT '', -- kind delete: platform id of the user's message
  status       TEXT    NOT NULL,
  reason       TEXT    NOT NULL DEFAULT '',
  attempts     BIGINT  NOT NULL DEFAULT 0,
  again        BOOLEAN NOT NULL DEFAULT FALSE, -- an attempt ended ambiguous
  ahead        BOOLEAN NOT NULL DEFAULT FALSE, -- stands in for one that could not be sent: leaves before the rest
  ready_at     BIGINT  NOT NULL,
  created_at   BIGINT  NOT NULL,
  settled_at   BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX outbox_ready ON outbox (ready_at, seq) WHERE status = 'pending';
CREATE INDEX outbox_open ON outbox (conversation, seq, status) WHERE status IN ('pending', 'sending');
CREATE INDEX outbox_odd ON outbox (status) WHERE status IN ('failed', 'uncertain', 'held');

CREATE TABLE questions (
  id           {{serial}},
  conversation TEXT    NOT NULL REFERENCES conversations (id),
  channel      TEXT    NOT NULL,
  day          TEXT    NOT NULL, -- YYYY-MM-DD, UTC
  lang         TEXT    NOT NULL,
  outcome      TEXT    NOT NULL,
  text         TEXT    NOT NULL, -- '' when erased
  ranked       TEXT    NOT NULL,
  at           BIGINT  NOT NULL
);
CREATE INDEX questions_at ON questions (at);
CREATE INDEX questions_conversation ON questions (conversation);
CREATE INDEX questions_missed ON questions (id) WHERE outcome IN ('unknown', 'handoff') AND text <> '';

CREATE TABLE handoffs (
  number       {{serial}},
  id           TEXT    NOT NULL UNIQUE,
  conversation TEXT    NOT NULL REFERENCES conversations (id),
  status       TEXT    NOT NULL CHECK (status IN ('waiting', 'claimed', 'returned', 'resolved')),
  context      TEXT    NOT NULL,
  agent_id     TEXT    NOT NULL DEFAULT '',
  agent_name   TEXT    NOT NULL DEFAULT '',
  opened_at    BIGINT  NOT NULL,
  claimed_at   BIGINT  NOT NULL DEFAULT 0,
  closed_at    BIGINT  NOT NULL DEFAULT 0,
  last_message BIGINT  NOT NULL DEFAULT 0, -- messages.id
  last_at      BIGINT  NOT NULL
);
CREATE UNIQUE INDEX handoffs_open ON handoffs (conversation) WHERE status IN ('waiting', 'claimed');
CREATE INDEX handoffs_conversation ON handoffs (conversation);
CREATE INDEX handoffs_status ON handoffs (status, last_at);
CREATE INDEX handoffs_agent ON handoffs (agent_id, last_at);

CREATE TABLE agents (
  id            TEXT    PRIMARY KEY,
  login         TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  role          TEXT    NOT NULL,
  disabled      BOOLEAN NOT NULL DEFAULT FALSE,
  password_hash TEXT    NOT NULL,
  created_at    BIGINT  NOT NULL
);

CREATE TABLE sessions (
  token_hash TEXT    PRIMARY KEY, -- SHA-256 of the token, hexadecimal: a stolen file opens no session
  data       {{bytes}} NOT NULL,
  expires_at BIGINT  NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE webevents (
  seq     {{serial}},
  channel TEXT    NOT NULL,
  account TEXT    NOT NULL,
  key     TEXT    NOT NULL,
  ref     TEXT    NOT NULL,
  kind    TEXT    NOT NULL,
  payload TEXT    NOT NULL, -- guarded JSON; '' when erased
  at      BIGINT  NOT NULL,
  UNIQUE (channel, account, key, ref)
);
CREATE INDEX webevents_log ON webevents (channel, account, key, seq);

CREATE TABLE cursors (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- What was done, by whom, without content.
CREATE TABLE audit (
  id           {{serial}},
  action       TEXT    NOT NULL,
  actor        TEXT    NOT NULL,
  conversation TEXT    NOT NULL DEFAULT '',
  at           BIGINT  NOT NULL
);
