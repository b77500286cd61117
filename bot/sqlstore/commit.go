package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
)

const (
	sqlConsume = `UPDATE arrivals SET state = $1, reason = $2 WHERE id = $3 AND lane = $4 AND state = 'new'`

	sqlOwnership = `SELECT epoch FROM conversations WHERE id = $1 AND channel = $2 AND account = $3 AND key = $4`

	sqlTurnState = `UPDATE conversations SET state = $1, lang = CASE WHEN $2 = '' THEN lang ELSE $2 END,
	    lang_fixed = CASE WHEN $3 = '' THEN lang_fixed ELSE $3 END, updated_at = $4
	  WHERE id = $5`

	sqlTurnUser = `UPDATE conversations SET thread = $1, user_id = $2, user_name = $3, user_username = $4, user_lang = $5 WHERE id = $6`

	sqlTurnThread = `UPDATE conversations SET thread = $1 WHERE id = $2 AND thread <> $1`

	sqlAddQuestion = `INSERT INTO questions (conversation, channel, day, lang, outcome, text, ranked, at)
	  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

// Commit implements bot.Store.
func (db *DB) Commit(ctx context.Context, cl bot.Claim, d bot.Decided) error {
	err := db.write(ctx, "commit turn", func(c *conn) error {
		t := &turn{conn: c, d: &d, id: d.Conversation.ID}
		return t.commit(cl)
	})
	if errors.Is(err, bot.ErrConflict) {
		return errors.Join(err, db.endClaim(ctx, cl))
	}
	return err
}

// endClaim frees the lane of a claim that could not commit, if it is still the claim's.
func (db *DB) endClaim(ctx context.Context, cl bot.Claim) error {
	return db.write(ctx, "end claim", func(c *conn) error {
		lane, err := claimed(c, cl)
		if errors.Is(err, bot.ErrConflict) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = c.exec(sqlEndClaim, lane, cl.Fence)
		return err
	})
}

// turn writes one decided burst.
type turn struct {
	*conn
	d    *bot.Decided
	id   bot.ConversationID
	lane int64
	last int64 // id of the newest message written, 0 for none
}

// commit is the whole of it, in order.
func (t *turn) commit(cl bot.Claim) error {
	if len(t.d.Events) != len(t.d.Burst) || len(t.d.Broken) != len(t.d.Burst) {
		return fmt.Errorf("a burst of %d with %d events and %d reasons", len(t.d.Burst), len(t.d.Events), len(t.d.Broken))
	}
	steps := []func() error{
		func() (err error) { t.lane, err = claimed(t.conn, cl); return err },
		t.checkEpoch,
		t.consume,
		t.erase,
		t.userMessages,
		t.parcels,
		t.questions,
		t.conversation,
		t.handoff,
		func() error { _, err := t.exec(sqlEndClaim, t.lane, cl.Fence); return err },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// checkEpoch refuses a turn that was decided before the owner changed.
func (t *turn) checkEpoch() error {
	var epoch int64
	a := t.d.Conversation.Address
	found, err := t.get(into(&epoch), sqlOwnership, t.id, a.Channel, a.Account, a.Key)
	switch {
	case err != nil:
		return err
	case !found:
		return fmt.Errorf("conversation %s: %w", t.id, bot.ErrNotFound)
	case epoch != t.d.Conversation.Epoch:
		return fmt.Errorf("conversation %s has epoch %d, the turn was decided under %d: %w", t.id, epoch, t.d.Conversation.Epoch, bot.ErrConflict)
	}
	return nil
}

func (t *turn) consume() error {
	for i, ar := range t.d.Burst {
		state := stateDecided
		if t.d.Broken[i] != "" {
			state = stateBroken
		}
		n, err := t.exec(sqlConsume, state, t.d.Broken[i], ar.ID, t.lane)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("arrival %d is decided already: %w", ar.ID, bot.ErrConflict)
		}
	}
	return nil
}

// erase forgets everything before this turn, and what of this turn would be remembered.
func (t *turn) erase() error {
	if !t.d.Turn.Erase {
		return nil
	}
	t.d.Turn.State = bot.State{Greeted: t.d.Turn.State.Greeted}
	for i := range t.d.Turn.Questions {
		t.d.Turn.Questions[i].Text = ""
	}
	return eraseConversation(t.conn, t.id, t.d.Conversation.Address, t.d.Now)
}

// parcels puts what is to be sent into the outbox, and the bot's words into the conversation.
func (t *turn) parcels() error {
	for i := range t.d.Parcels {
		p := t.d.Parcels[i]
		p.Conversation, p.Epoch = t.id, t.d.Conversation.Epoch
		id, err := addParcel(t.conn, p, t.d.Now)
		if err != nil {
			return err
		}
		t.last = max(t.last, id)
	}
	return nil
}

// questions keeps one row per question, for the reports.
func (t *turn) questions() error {
	at := t.d.Now.UTC()
	for _, q := range t.d.Turn.Questions {
		tag := q.Lang
		if tag == "" {
			tag = t.d.Turn.Lang
		}
		_, err := t.exec(sqlAddQuestion, t.id, t.d.Conversation.Address.Channel, at.Format("2006-01-02"), tag, q.Outcome,
			q.Text, asJSON(q.Ranked), millis(at))
		if err != nil {
			return err
		}
	}
	return nil
}

// conversation moves the conversation's own row on.
func (t *turn) conversation() error {
	tn := &t.d.Turn
	if _, err := t.exec(sqlTurnState, asJSON(tn.State), tn.Lang, tn.LangFixed, millis(t.d.Now), t.id); err != nil {
		return err
	}
	last, ok := newest(t.d.Events)
	if !ok {
		return nil
	}
	u := last.User
	if u.ID == "" || tn.Erase {
		_, err := t.exec(sqlTurnThread, last.Thread, t.id)
		return err
	}
	_, err := t.exec(sqlTurnUser, last.Thread, u.ID, u.Name, u.Username, u.Language, t.id)
	return err
}

// newest is the last event that could be parsed.
func newest(events []bot.Event) (bot.Event, bool) {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Kind != "" {
			return events[i], true
		}
	}
	return bot.Event{}, false
}

// kinds lists what the guard found, each kind once, in order.
func kinds(found []guard.PathFinding) []guard.Kind {
	var out []guard.Kind
	seen := map[guard.Kind]bool{}
	for _, f := range found {
		if !seen[f.Kind] {
			seen[f.Kind] = true
			out = append(out, f.Kind)
		}
	}
	return out
}
