package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
)

// The least shares TestUnderstanding accepts.
const (
	leastUnderstood  = 0.85 // answered right, or asked back with the right one among those offered
	mostAnsweredOOS  = 0.15 // answered although the library does not know
	mostAnsweredFals = 0.10 // answered with a wrong entry
)

// question is what a user may type, and the intents that are right for it.
type question struct{ text, want string }

// TestUnderstanding asks OKPay's library what users ask, typed as they type it and worded otherwise than its phrases.
// Never copy these questions into phrases: the shares would then measure nothing. To better a share, think of what else
// people say who mean the same, and write that.
func TestUnderstanding(t *testing.T) {
	rel, err := okpayRelease()
	if err != nil {
		t.Fatal(err)
	}
	s, err := openChatSession(context.Background(), rel, func() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, group := range []struct {
		name string
		qs   []question
	}{{"zh", questionsZh}, {"en", questionsEn}} {
		t.Run(group.name, func(t *testing.T) {
			var right, clarified, wrong int
			for i, q := range group.qs {
				switch verdict, got := understood(t, s, fmt.Sprint(group.name, i), q); verdict {
				case "right":
					right++
				case "clarified":
					clarified++
				default:
					if verdict == "wrong" {
						wrong++
					}
					t.Logf("%-8s %s: want %s, got %s", verdict, q.text, q.want, got)
				}
			}
			n := float64(len(group.qs))
			t.Logf("%d questions: right %.3f, clarified with the right one %.3f, wrong %.3f", len(group.qs), float64(right)/n, float64(clarified)/n, float64(wrong)/n)
			if share := float64(right+clarified) / n; share < leastUnderstood {
				t.Errorf("understood %.3f, want at least %.2f", share, leastUnderstood)
			}
			if share := float64(wrong) / n; share > mostAnsweredFals {
				t.Errorf("answered wrongly %.3f, want at most %.2f", share, mostAnsweredFals)
			}
		})
	}
	t.Run("out of scope", func(t *testing.T) {
		answered := 0
		for i, text := range outOfScope {
			r := say(t, s, fmt.Sprint("oos", i), text)
			if r.Decision == bot.Answer || r.Decision == bot.Handoff || r.Decision == bot.Refuse {
				answered++
			}
			if r.Decision != bot.Unknown {
				t.Logf("%s: %s %v", text, r.Decision, r.Intents)
			}
		}
		share := float64(answered) / float64(len(outOfScope))
		t.Logf("%d out of scope: answered %.3f", len(outOfScope), share)
		if share > mostAnsweredOOS {
			t.Errorf("answered %.3f of what the library does not know, want at most %.2f", share, mostAnsweredOOS)
		}
	})
}

func say(t *testing.T, s *chatSession, conversation, text string) chatReply {
	t.Helper()
	r, err := s.Say(context.Background(), chatLine{Conversation: conversation, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// understood says what became of a question: right, clarified (the right one was offered), wrong or missed.
func understood(t *testing.T, s *chatSession, conversation string, q question) (verdict, got string) {
	r := say(t, s, conversation, q.text)
	want := strings.Split(q.want, "|")
	isWanted := func(id string) bool { return slices.Contains(want, id) }
	var ids []string
	for _, c := range r.Intents {
		ids = append(ids, fmt.Sprintf("%s %.2f", c.Intent, c.Score))
	}
	got = string(r.Decision) + " " + strings.Join(ids, ", ")
	switch r.Decision {
	case bot.Answer, bot.Smalltalk:
		if len(s.turn.Questions) == 1 && isWanted(r.Intents[0].Intent) {
			return "right", got
		}
		return "wrong", got
	case bot.Handoff:
		if s.turn.Handoff.Reason == bot.ReasonAsked && isWanted(bot.HumanIntent) || len(r.Intents) > 0 && isWanted(r.Intents[0].Intent) {
			return "right", got
		}
		return "wrong", got
	case bot.Clarify:
		if slices.ContainsFunc(s.turn.State.Offered, isWanted) {
			return "clarified", got
		}
	}
	return "missed", got
}

var questionsZh = []question{
	{"想弄个新账号要怎么搞", "account_open"},
	{"这个号我不要了,帮我注销掉", "account_close"},
	{"我手机换号了 账户里那个要改一下", "change_phone"},
	{"注册时候填的邮箱现在用不了,能改成别的吗", "change_email"},
	{"身份证上的名字改了,账户里的也想改", "change_name"},
	{"我想打印上个月的流水", "account_statement"},
	{"为什么我账户里显示的钱跟实际对不上", "balance_wrong"},
	{"我能再注册一个小号吗", "multiple_accounts"},
	{"华为手机在哪儿装你们的软件", "app_download"},
	{"app 一打开就自己退出去了", "app_crash"},
	{"钱到账了手机也不响一下", "app_notifications"},
	{"界面全是英文看不懂", "app_language"},
	{"你们系统今天是不是挂了", "service_down"},
	{"我开了个小店,想用你们收钱", "business_open"},
	{"开店的话你们抽几个点", "business_fees|fees_overview"},
	{"昨天的营业款怎么还没打给我", "business_settlement"},
	{"想在自己的小程序里接你们的支付", "business_api"},
	{"财务要发票才能报销", "invoice"},
	{"招商银行的卡怎么加进来", "card_add"},
	{"加卡的时候老是提示错误", "card_add_failed"},
	{"之前绑的那张卡想删掉", "card_remove"},
	{"刚刚刷卡说被银行拒了", "card_declined"},
	{"我的卡找不到了,好急", "card_lost"},
	{"手机被人偷走了!!", "card_lost"},
	{"卡马上到期了银行给我换了新的", "card_expired"},
	{"转钱要收钱吗", "fees_overview"},
	{"怎么平白无故收了我五块钱服务费", "fee_charged"},
	{"一次最多能转多少啊", "limits"},
	{"额度不够用,能不能调高点", "limits_raise"},
	{"今天美金兑人民币多少", "exchange_rate"},
	{"你们能收欧元英镑吗", "currencies"},
	{"我要去日本玩,那边能用吗", "countries|pay_in_shop"},
	{"密码死活想不起来了", "forgot_password"},
	{"登录的密码想换一个复杂点的", "change_password"},
	{"付款时候要输的那六位数字忘了", "pin_change"},
	{"短信一直没来,没法验证", "otp_not_received"},
	{"死活登不进去", "cannot_login"},
	{"我的号怎么被你们封了", "account_locked"},
	{"谷歌验证码那个怎么弄", "two_factor"},
	{"新买了台手机,怎么在上面登", "new_device"},
	{"怎么把钱打给我老婆", "transfer_send"},
	{"给房东转的钱要几天才到", "transfer_time"},
	{"刚才转出去那笔能撤回来吗", "transfer_cancel"},
	{"糟了,钱打给不认识的人了", "transfer_wrong_person"},
	{"为啥付钱老是不成功", "payment_failed"},
	{"没买成但是钱被扣走了", "charged_but_failed"},
	{"付了半天还在转圈圈显示处理中", "payment_pending"},
	{"买一个东西扣了我两回", "double_charge"},
	{"想让客户扫我的码付钱", "receive_money|business_open"},
	{"同事说已经转给我了可我这边没有", "money_not_received"},
	{"往里面充钱怎么充", "top_up"},
	{"里面的钱怎么弄到我银行卡里", "withdraw_money"},
	{"那个每月自动扣的会员怎么关掉", "autopay"},
	{"便利店能扫你们的码吗", "pay_in_shop"},
	{"退的款都一周了怎么还没收到", "refund_time"},
	{"东西不想要了,想退钱", "refund_request"},
	{"卖家发的货是假的不给退", "dispute"},
	{"退给我的钱怎么比付的少", "refund_wrong_amount"},
	{"有人登了我的账号把密码改了", "account_hacked"},
	{"账单里有一笔消费根本不是我花的", "unknown_transaction"},
	{"我好像遇到骗子了,钱已经打过去了", "scam_report"},
	{"收到短信说我账户异常让点链接,真的假的", "phishing"},
	{"0100 这个电话真的是你们客服吗", "official_contacts"},
	{"把资料交给你们会不会泄露", "data_security|privacy_data"},
	{"能把我的个人资料全删了吗", "privacy_data|account_close"},
	{"怎么才能找到你们的人帮忙", "contact_support|human"},
	{"星期天客服上不上班", "support_hours"},
	{"晚上九点还有人接电话吗", "support_hours"},
	{"你们网站网址发一下", "contact_website"},
	{"有没有邮箱可以写信", "contact_email"},
	{"给你们写信三天了没人理我", "email_reply_time"},
	{"打电话快还是写邮件快", "email_pros_cons"},
	{"给个客服电话", "contact_hotline"},
	{"电话打了一上午都是忙音", "hotline_busy"},
	{"网页上能直接聊吗", "live_chat"},
	{"找客服之前我得准备点啥", "prepare_for_support"},
	{"有没有教程可以自己看", "self_help"},
	{"上次那个客服根本没帮我搞定", "not_satisfied"},
	{"我要去投诉你们", "complaint"},
	{"你们有抖音号吗", "social_media"},
	{"实名在哪弄啊", "verify_identity"},
	{"身份审了两天了还没好", "verification_time"},
	{"拍了身份证老说不合格", "verification_failed"},
	{"你是ai吗", "who_are_you"},
	{"hello 在不在", "greeting"},
	{"太谢谢啦", "thanks"},
	{"行那没别的了,拜", "goodbye"},
	{"你这机器人太蠢了", "insult"},
	{"能换个活人跟我说吗", "human"},
	{"可以贷款吗,利息多少", "not_offered"},
	{"怎么买比特币", "not_offered"},
	{"我的快递到哪了", "dispute"},
	{"我家小孩上初中能开一个吗", "account_age"},
	{"你们能寄张实体的卡给我吗", "own_card"},
	{"可以跟苹果手机的钱包绑一起吗", "phone_wallets"},
	{"卡后面那三个数字干嘛用的", "security_code"},
	{"你们工作人员会不会问我要密码啊", "never_asked"},
}

var questionsEn = []question{
	{"hi id like to make an account, what do i do", "account_open"},
	{"pls get rid of my account for good", "account_close"},
	{"got a new sim with another number, need to switch it", "change_phone"},
	{"my old gmail is gone, can i put a different one", "change_email"},
	{"i moved house last month and need my address changed", "change_name"},
	{"can i get a pdf of everything i paid last year", "account_statement"},
	{"theres less money in my wallet than there should be", "balance_wrong"},
	{"is it ok if i have a second profile", "multiple_accounts"},
	{"cant find your app in the play store", "app_download"},
	{"app shuts itself as soon as i open it", "app_crash"},
	{"my phone doesnt ping when i get paid", "app_notifications"},
	{"everything in the app is in chinese, how do i get english", "app_language"},
	{"are your servers having problems today?", "service_down"},
	{"i run a cafe and want customers to pay with okpay", "business_open"},
	{"what percentage do you take from sellers", "business_fees"},
	{"yesterdays takings havent hit our bank", "business_settlement"},
	{"we want to plug your checkout into our web store", "business_api"},
	{"my accountant needs a tax document with VAT", "invoice"},
	{"where do i put in my visa", "card_add"},
	{"it wont let me add my mastercard", "card_add_failed"},
	{"take my old debit card off please", "card_remove"},
	{"bank said no when i tried paying", "card_declined"},
	{"left my phone in a taxi, what about my money", "card_lost"},
	{"cant find my wallet anywhere, my card was in it", "card_lost"},
	{"bank mailed me a new card with new dates", "card_expired"},
	{"does it cost anything to use this", "fees_overview"},
	{"you took 3 dollars extra from me, what for", "fee_charged"},
	{"whats the most i can send at once", "limits"},
	{"i need to send more than you let me", "limits_raise"},
	{"how many yuan do i get for 100 usd", "exchange_rate"},
	{"can i keep euros and yen in it", "currencies"},
	{"going to thailand next week will it work there", "countries|pay_in_shop"},
	{"locked out because i dont remember my password", "forgot_password"},
	{"someone watched me type my password, want a different one", "change_password"},
	{"typed my pin wrong five times", "pin_change"},
	{"still waiting for the text with the 6 digits", "otp_not_received"},
	{"it keeps kicking me back to the sign in screen", "cannot_login"},
	{"you guys froze my account, why??", "account_locked"},
	{"google authenticator stopped giving me codes", "two_factor"},
	{"just bought a pixel, how do i get okpay onto it", "new_device"},
	{"how do i pay my roommate back", "transfer_send"},
	{"wired money to my landlord 3 days ago, still nothing", "transfer_time"},
	{"can i undo the payment i made a minute ago", "transfer_cancel"},
	{"oh no i mixed up the numbers and a stranger got the money", "transfer_wrong_person"},
	{"wont let me pay, keeps failing", "payment_failed"},
	{"order got cancelled yet the cash is gone from my account", "charged_but_failed"},
	{"been processing since yesterday", "payment_pending"},
	{"there are 2 of the same charge on my account", "double_charge"},
	{"what do i show someone so they can pay me", "receive_money"},
	{"my boss says he paid me but i see nothing", "money_not_received"},
	{"how to put cash onto my balance", "top_up"},
	{"want my balance on my bank account", "withdraw_money"},
	{"netflix keeps billing me, make it stop", "autopay"},
	{"can i use this at the supermarket checkout", "pay_in_shop"},
	{"its been 2 weeks and no refund yet", "refund_time"},
	{"changed my mind about what i bought, want the money back", "refund_request"},
	{"seller sent me junk and ignores me", "dispute"},
	{"they gave back less than what i paid", "refund_wrong_amount"},
	{"someone else is inside my account!!", "account_hacked"},
	{"i see a purchase i never made", "unknown_transaction"},
	{"i think i just got conned, already sent them 500", "scam_report"},
	{"got a text asking to click and confirm my account, is that you", "phishing"},
	{"how can i be sure this is really okpay support", "official_contacts"},
	{"is my info secure with you guys", "data_security"},
	{"i want all the info you hold on me erased", "privacy_data"},
	{"whats the best way to get hold of you", "contact_support|email_pros_cons"},
	{"anyone working on saturday?", "support_hours"},
	{"how late can i ring you tonight", "support_hours"},
	{"url of your site?", "contact_website"},
	{"where can i send a mail to you", "contact_email"},
	{"wrote to you monday and still no answer", "email_reply_time"},
	{"phone or mail, whats quicker", "email_pros_cons|contact_support"},
	{"number to ring?", "contact_hotline"},
	{"been listening to hold music for 40 minutes", "hotline_busy"},
	{"do you have a chat thing on the site", "live_chat"},
	{"what info should i have ready when i ring", "prepare_for_support"},
	{"got any guides i can read myself", "self_help"},
	{"your colleague gave me a rubbish answer", "not_satisfied"},
	{"im going to file a formal grievance", "complaint"},
	{"are you guys on instagram", "social_media"},
	{"where do i send my id to get verified", "verify_identity"},
	{"submitted my passport on friday, still under review", "verification_time"},
	{"it keeps rejecting my selfie", "verification_failed"},
	{"am i chatting with a machine", "who_are_you"},
	{"yo", "greeting"},
	{"ty so much!", "thanks"},
	{"ok thats it, bye", "goodbye"},
	{"this bot is garbage", "insult"},
	{"let me speak w a real human pls", "human"},
	{"can i get a loan from you", "not_offered"},
	{"how do i buy bitcoin", "not_offered"},
	{"where is my parcel", "dispute"},
	{"im 15, is that ok", "account_age"},
	{"do i get a plastic card from you", "own_card"},
	{"can i use it with apple pay", "phone_wallets"},
	{"what are those 3 numbers on the back", "security_code"},
	{"does your staff need to know my pin", "never_asked"},
}

// outOfScope is what the library cannot answer.
var outOfScope = []string{
	"今天天气怎么样",
	"给我讲个笑话",
	"红烧肉怎么做",
	"帮我订一张去上海的机票",
	"世界杯谁赢了",
	"帮我写一首关于春天的诗",
	"你们招人吗,我想投简历",
	"你们食堂几点开饭",
	"空调怎么调成制热",
	"推荐一部好看的电影",
	"这道数学题怎么解",
	"孩子发烧了怎么办",
	"你觉得股票会涨吗",
	"一加一等于几",
	"帮我翻译一段话",
	"附近有什么好吃的",
	"社保怎么交",
	"车险怎么买",
	"考驾照要多少钱",
	"你们公司老板是谁",
	"whats the weather like tomorrow",
	"tell me a joke",
	"how do i bake sourdough bread",
	"book me a table for two tonight",
	"who won the match last night",
	"write me a poem about the sea",
	"are you hiring engineers right now",
	"recommend me a good movie",
	"how tall is the eiffel tower",
	"what should i cook for dinner",
	"play some jazz music",
	"my dog is sick, what should i feed him",
	"what is the capital of australia",
	"translate this into french",
	"how do i renew my passport",
	"how do i learn to swim",
	"how do i fix a flat tire",
	"who is the ceo of okpay",
	"what time does the train to york leave",
	"my laptop won't start after the update",
}
