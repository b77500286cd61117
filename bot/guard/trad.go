package guard

import "sync"

// simplify returns the simplified form of a Chinese character, as far as the lexicon needs it.
func simplify(r rune) rune {
	if r == '〇' {
		return r
	}
	if s := hanTable().simple[r-0x4e00]; s != 0 {
		return rune(s)
	}
	return r
}

// hanEntries are tables by Chinese character, from U+4E00 on: 0 for none.
type hanEntries struct {
	simple [0x5200]uint16 // simplified form
	root   [0x5200]uint16 // node of the lexicon that words beginning with it start from
}

var hanTable = sync.OnceValue(func() *hanEntries {
	t := new(hanEntries)
	var last rune
	for i, r := range []rune(traditional) {
		if i%2 == 1 {
			t.simple[last-0x4e00] = uint16(r)
		}
		last = r
	}
	for r, n := range lexicon().han {
		t.root[r-0x4e00] = uint16(n) // a lexicon word that begins otherwise is a mistake its test finds
	}
	return t
})

// traditional lists pairs of a traditional and its simplified character: those of the lexicon's words.
const traditional = "帐账碼码密密驗验證证號号賬账帳账戶户銀银動动態态簡简訊讯額额設设為为變变換换輸输錄录錯错誤误對对嗎吗麼么" +
	"什什幾几時时間间過过還还沒没無无種种這这個个們们來来發发給给說说請请問问寫写讀读記记點点開开關关裡里裏里頭头" +
	"後后從从應应該该進进認认識识護护駕驾駛驶執执國国際际臺台灣湾鄉乡獨独電电話话機机網网絡络務务單单訂订運运" +
	"費费餘余萬万歲岁圓圆塊块幣币備备復复壹壹貳贰參叁叄叁陸陆門门鎖锁傳传連连線线詞词語语鑰钥鍵键權权憑凭據据" +
	"鏈链錢钱條条數数總总結结資资產产紀纪歷历當当兩两雙双樣样懷怀確确測测試试實实現现環环報报讓让準准則则聽听" +
	"擇择掃扫儲储蓄蓄貸贷債债購购買买賣卖匯汇轉转帶带離离邊边遠远近近達达遞递嗰个啲的喺在係是冇没嘅的咗了咩什" +
	"點点解解講讲睇看俾给畀给唔不佢他啱对錶表課课訴诉臨临檔档優优稱称稅税謝谢龍龙龜龟鳳凤愛爱靈灵屬属號号舊旧" +
	"劃划劵券狀状憶忆闆板綁绑絕绝長长隨随區区軟软體体選选項项顯显標标題题圖图團团責责員员興兴舉举職职醫医歡欢" +
	"覺觉與与寶宝樂乐雲云風风飛飞馬马魚鱼鳥鸟車车東东場场學学書书畫画葉叶華华葛葛鄭郑張张趙赵孫孙陳陈劉刘楊杨" +
	"黃黄吳吴許许馮冯蔣蒋韓韩鄧邓蕭萧羅罗蘇苏盧卢閻阎賈贾鄒邹陰阴陽阳媽妈爺爷奶奶師师誰谁哪哪徑径址址郵邮"
