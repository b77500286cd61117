package intents

import (
	"slices"
	"strings"
	"unicode"

	"github.com/deskbell/deskbell/intents/lang"
)

// partLimit bounds the questions of one message.
const partLimit = 5

// Least scores at which a piece of a message counts as a question of its own. What is not worded as a question may
// be background and must be surer.
const (
	sureQuestion  = 0.4
	sureStatement = 0.7
)

// Split parts a message into its questions, at most five, in order. It parts only where both sides are found in the
// library with confidence and as different intents; else the message stays whole, so that one question is never torn.
// Background ("I bought something yesterday.") stays with the question it belongs to. A message with one question
// comes back as it is, trimmed; the result is empty for a message of nothing but blanks.
func (c *Classifier) Split(text string) []string {
	whole := strings.TrimSpace(text)
	if whole == "" {
		return nil
	}
	if len(c.ids) == 0 || len(c.exact[phraseKey(lang.Fold(whole))]) > 0 {
		return []string{whole}
	}
	pieces := cut(whole)
	if len(pieces) < 2 {
		return []string{whole}
	}
	s := splitter{c: c, text: whole}
	for _, p := range pieces {
		s.add(p)
	}
	parts := s.parts()
	if len(parts) < 2 {
		return []string{whole}
	}
	return parts
}

// meaning is what a piece of a message says by itself.
type meaning struct {
	sure     bool     // it is found in the library with confidence
	question bool     // it is worded as a question or a request
	trouble  bool     // it tells of something that does not work: "I forgot my password"
	intents  []string // what it may mean: one, or two that are close
	score    float64  // of all of intents
}

func (c *Classifier) meaningOf(text string) meaning {
	folded := lang.Fold(text)
	m := meaning{question: asks(folded), trouble: hasAny(" "+folded, troubles)}
	if isFiller(folded) {
		return m
	}
	res := c.Classify(text)
	if res.Decision == DecideNone {
		return m
	}
	n := 1
	if res.Decision == DecideClarify {
		n = 2
	}
	for _, candidate := range res.Ranked[:min(n, len(res.Ranked))] {
		m.intents = append(m.intents, candidate.Intent)
		m.score += candidate.Score
	}
	m.sure = m.score >= sureQuestion && (m.question || m.trouble) || m.score >= sureStatement
	return m
}

// differs reports that two meanings have no intent in common.
func (m meaning) differs(other meaning) bool {
	return !slices.ContainsFunc(m.intents, func(id string) bool { return slices.Contains(other.intents, id) })
}

// part is a question of the message: text[from:to], and what its surest piece says.
type part struct {
	from, to int
	meaning  meaning
}

// splitter puts the pieces of a message together to questions, from left to right.
type splitter struct {
	c       *Classifier
	text    string
	done    []part
	current part     // the question at hand; to is 0 before the first piece
	pending int      // where statements begin that may belong to the next question; 0: none
	before  boundary // the strongest boundary since the current question
}

func (s *splitter) add(p piece) {
	m := s.c.meaningOf(s.text[p.core:p.to])
	s.before = max(s.before, p.before)
	switch {
	case s.current.to == 0:
		s.current = part{from: p.core, to: p.to, meaning: m}
		s.before = joined
	case !m.sure && s.current.meaning.sure && !m.question:
		// It may lead to the next question or end this one.
		if s.pending == 0 {
			s.pending = p.core
		}
	case !m.sure:
		s.extend(p.to)
	case s.parted(p, m):
		s.done = append(s.done, s.current)
		from := p.core
		if s.pending > 0 {
			from = s.pending
		}
		s.current = part{from: from, to: p.to, meaning: m}
		s.pending, s.before = 0, joined
	default:
		if old := s.current.meaning; !old.sure || m.question && !old.question {
			s.current.meaning = m
		}
		s.extend(p.to)
	}
}

func (s *splitter) extend(to int) {
	s.current.to = to
	s.pending, s.before = 0, joined
}

// parted reports that a sure piece begins a question of its own.
func (s *splitter) parted(p piece, m meaning) bool {
	old := s.current.meaning
	if !old.sure || !old.differs(m) || len(s.done) == partLimit-1 {
		return false
	}
	// "I forgot my password, and what are your fees?": trouble that a further question is added to is one itself.
	added := strings.TrimSpace(s.text[p.from:p.core]) != ""
	asked := old.question || old.trouble && added
	switch s.before {
	case strong:
		return true
	case sentence:
		// "My card was stolen. How do I get my money back?" is one question with its background.
		return asked || !m.question
	}
	if !asked || !(m.question || m.trouble && added) || leans(s.text[p.core:p.to]) {
		return false
	}
	together := s.c.meaningOf(s.text[s.current.from:p.to])
	return !together.sure || together.score < max(old.score, m.score)
}

func (s *splitter) parts() []string {
	s.done = append(s.done, s.current)
	s.done[len(s.done)-1].to = len(s.text)
	out := make([]string, len(s.done))
	for i, p := range s.done {
		out[i] = strings.TrimFunc(s.text[p.from:p.to], func(r rune) bool {
			return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r)
		})
	}
	return out
}

// isFiller reports that folded text is a greeting, thanks or the like and no question.
func isFiller(folded string) bool {
	for _, tok := range lang.Tokens(nil, folded) {
		if tok.Han && strings.TrimSpace(fillerHan.Replace(tok.Text)) != "" {
			return false
		}
		if !tok.Han && !fillerWords[tok.Text] {
			return false
		}
	}
	return true
}

var fillerHan = strings.NewReplacer("您好", "", "你好", "", "在吗", "", "在么", "", "谢谢", "", "多谢", "", "感谢", "", "麻烦", "",
	"请问", "", "打扰了", "", "打扰", "", "早上好", "", "下午好", "", "晚上好", "", "哈喽", "", "嗨", "", "辛苦了", "", "亲", "", "客服", "",
	"一下", "", "大家", "", "了", "", "啊", "", "呀", "", "哦", "", "嗯", "", "好的", "")

var fillerWords = wordSet(`hi hello hey hiya there dear team support all everyone good morning afternoon evening day
thanks thank you thx ty please pls sorry excuse me ok okay yes no so well regards cheers`)

// asks reports whether folded text is worded as a question or a request.
func asks(folded string) bool {
	if strings.Contains(folded, "?") || hasAny(folded, questionsHan) {
		return true
	}
	words := lang.Tokens(nil, folded)
	for len(words) > 0 && (fillerWords[words[0].Text] || words[0].Text == "and" || words[0].Text == "but") {
		words = words[1:]
	}
	return len(words) > 0 && questionWords[words[0].Text] || hasAny(" "+folded, requests)
}

func hasAny(s string, list []string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(s, w) })
}

// leans reports that a text speaks of something said before: "when do I get it back".
func leans(text string) bool {
	folded := lang.Fold(text)
	return hasAny(folded, pronounsHan) || slices.ContainsFunc(lang.Tokens(nil, folded), func(t lang.Token) bool {
		return pronouns[t.Text]
	})
}

var pronouns = wordSet("it its that this them they those these one")

var pronounsHan = []string{"它", "这个", "那个", "这笔", "那笔", "这些", "那些", "这样", "那样"}

var questionWords = wordSet(`what whats how hows why when where which who whom whose can could do does did is are was were
will would should may am have has cant dont doesnt isnt wont`)

var requests = []string{" i want", " i need", " i'd like", " i would like", " id like", " please", " help me", " tell me",
	" how to", " how do", " how can", " wondering", " let me know", " would like to", " want to know", " need to"}

var troubles = []string{" forgot", " can't", " cant ", " cannot", " can not", " couldn't", " doesn't work", " does not work", " not working",
	" didn't", " won't", " failed", " haven't", " has not", " have not", " lost my", " was declined", " is locked", " is blocked",
	"忘了", "忘记", "不能", "无法", "失败", "不了", "不上", "没收到", "收不到", "没到账", "丢了", "被锁", "被拒", "不见了", "打不开"}

var questionsHan = []string{"吗", "呢", "怎", "咋", "如何", "为什么", "为啥", "为何", "什么", "啥", "多少", "多久", "几", "哪", "谁", "是否",
	"能不能", "可不可以", "是不是", "有没有", "要不要", "会不会", "可以", "我想", "我要", "想要", "需要", "帮我", "帮忙", "求"}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}
