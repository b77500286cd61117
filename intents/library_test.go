package intents

import "testing"

// library is a small payment platform's, in both languages.
func library() []Intent {
	intent := func(id string, titles []string, phrases ...string) Intent {
		in := Intent{ID: id, Titles: titles}
		for _, p := range phrases {
			in.Phrases = append(in.Phrases, Phrase{Text: p})
		}
		return in
	}
	return []Intent{
		intent("refund", []string{"Refunds", "退款"},
			"how do I get a refund", "I want my money back", "can you refund my payment", "refund my order please",
			"where is my refund", "怎么退款", "我要退款", "退款多久到账", "钱可以退回来吗", "申请退款"),
		intent("change_pin", []string{"Change PIN", "修改支付密码"},
			"how do I change my PIN", "reset my payment PIN", "I forgot my PIN", "where can I set a new PIN",
			"my pin does not work", "怎么改支付密码", "忘记支付密码了", "重置支付密码", "修改密码在哪里", "支付密码不对"),
		intent("fees", []string{"Fees", "手续费"},
			"what are the fees", "how much does a transfer cost", "is there a charge for withdrawing money",
			"what do you charge", "transfer fee", "手续费多少", "转账要手续费吗", "提现收费吗", "费用怎么算", "收多少钱"),
		intent("hours", []string{"Support hours", "客服时间"},
			"what are your support hours", "when is customer service open", "are you open on sunday",
			"when can I reach you", "opening hours", "客服几点上班", "你们几点下班", "周末有客服吗", "工作时间是几点", "现在有人吗"),
		intent("card_lost", []string{"Lost card", "卡丢了"},
			"I lost my card", "my card was stolen", "block my card", "how do I freeze my card",
			"someone took my card", "卡丢了怎么办", "我的卡被偷了", "冻结银行卡", "挂失", "怎么挂失卡片"),
		intent("address", []string{"Change address", "修改地址"},
			"how do I change my address", "I moved to a new house", "update my home address",
			"where can I edit my address", "new postal address", "怎么修改地址", "我搬家了", "更换收货地址", "地址变更", "改一下地址"),
		intent("human", []string{"Talk to a person", "人工客服"},
			"talk to a human", "agent please", "I want to speak to a person", "connect me to an agent",
			"real person", "人工", "转人工", "我要找人工客服", "接人工服务", "有真人吗"),
	}
}

func trained(t testing.TB, in []Intent, o Options) *Classifier {
	t.Helper()
	c, err := Train(in, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func defaults() Options { return Options{Floor: AutoFloor} }
