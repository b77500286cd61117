package guard

// class says what a word does in a sentence that may give something away.
type class uint8

// Classes of words. The keys name a secret; the rest is the grammar around it.
const (
	none class = iota

	kPassword
	kPIN
	kOTP
	kCode // "code": a one-time code, if nothing says that it is another
	kSMS  // the text message: what it says may be a one-time code
	kCVV
	kBack // the back of the card
	kCardNo
	kCard
	kExpiry
	kID // identity card, of whatever country
	kPassport
	kPermit
	kSSN
	kNRIC
	kHKID
	kTWID
	kAadhaar
	kNINO
	kCPF
	kINPAN
	kIBAN
	kAccount // bank account
	kSort
	kRouting
	kSeed
	kPrivKey
	kAPIKey
	kAnswer
	kQuestion // security question: an answer may follow
	kRecovery
	kPayCode
	kLogin // account or user name: a password may stand beside

	gLink   // is, 是, "=": the value follows
	gTo     // to: a link after a verb of change
	gAs     // as, for: the key follows the value
	gChange // change, set, 改
	gFill   // may stand between a key and its value
	gStop   // says something about the key: no bare value follows
	gAsk    // makes a question
	gLabel  // names something else; what follows is that
	gOther  // names something else that has no number of its own: an amount, a call, a date
	gUnit   // after digits: they were a count or a name
	gOr     // one more value
	gOffer  // announces the value for the next message
	gRecall // "what was it again": announces as well
)

func (c class) isKey() bool { return c >= kPassword && c <= kLogin }

// words holds the lexicon: simplified Chinese and lower-case English. A space in a word is a place where a space, a
// hyphen, another separator or nothing may stand. Words are separated by "|".
var words = map[class]string{
	kPassword: "密码|口令|蜜码|密马|蜜马|密吗码|密ma|mi ma|mima|密m|密匙|登录密码|登陆密码|登入密码|账户密码|账号密码|wifi密码|无线密码|" +
		"开机密码|解锁密码|邮箱密码|钱包密码|手势密码|网银密码|查询密码|服务密码|旧密码|新密码|原密码|初始密码|通关密语|暗号|mm|" +
		"pass word|pass words|pass wd|pwd|pswd|psw|passwd|psswd|passwrd|pasword|passord|passwort|pw|pass|pass phrase|log in password|" +
		"sign in password|account password|wifi password|wifi key|wi fi password|login pw|paswd|p w d|wpa key|wachtwoord|contraseña",
	kPIN: "支付密码|交易密码|取款密码|资金密码|提现密码|提款密码|付款密码|转账密码|银行卡密码|信用卡密码|储蓄卡密码|卡密码|卡的密码|atm密码|" +
		"六位密码|6位密码|四位密码|4位密码|数字密码|zhifu mima|zhi fu mi ma|支fu密码|zhifu密码|支付mima|支付mm|支付pin|消费密码|电话银行密码|锁屏密码|屏幕锁密码|" +
		"pin|pins|pin code|pin number|pin no|pin num|pass code|passcodes|atm pin|card pin|wallet pin|payment pin|payment password|transaction password|" +
		"payment pass word|pay password|trading password|fund password|withdrawal password|card password|upi pin|mpin|tpin|pin码|pin号",
	kOTP: "验证码|校验码|动态码|动态密码|动态口令|短信码|短信验证码|手机验证码|确认码|验正码|验证吗|验证妈|认证码|授权码|一次性密码|一次性验证码|" +
		"激活码|短信密码|随机码|登录码|yzm|yan zheng ma|yanzhengma|校验吗|语音验证码|谷歌验证码|令牌码|" +
		"verification code|verification codes|verify code|verification number|verification pin|otp|otps|one time code|one time passcode|one time password|one time pin|otp code|" +
		"auth code|authentication code|authenticator code|2 fa|2 fa code|two factor code|2fa token|mfa code|mfa|sms code|text code|login code|log in code|" +
		"sign in code|confirmation code|dynamic code|6 digit code|six digit code|4 digit code|security code sent|access code|totp|tac|verif code|vcode|passkey code|google code|" +
		"single use code|whatsapp code|telegram code|facebook code|instagram code|apple code|microsoft code|paypal code|wechat code|authenticator|authenticator app|activation code|sms otp",
	kCode: "code|codes",
	kSMS:  "短信|信息里|短信里|短信上|短信内容|text message|sms|text says|text said|message says",
	kCVV: "cvv|cvc|cvv2|cvc2|cvn|cvn2|cvv码|cvc码|cvv号|安全码|卡安全码|背面三位|背面3位|背面后三位|背面末三位|后三码|末三码|背面数字|卡背面三位|卡背面数字|" +
		"背后三位|背后3位|后三位|后3位|末三位|末3位|签名栏|签名条|验证值|cvv code|cvc code|security code|security number|security no|card security code|card code|c v v|c v c|csc|cid code|" +
		"three digits on the back|3 digits on the back|last three on the back|last 3 on the back|digits on the back|number on the back|card verification|anquanma|an quan ma",
	kBack:   "背面|背后|卡背|后面三位|on the back|back of the card|back of card",
	kCardNo: "卡号|银行卡号|信用卡号|储蓄卡号|借记卡号|卡号码|卡号是|银行卡号码|信用卡号码|咔号|card number|card numbers|card no|card num|debit card number|credit card number|ka hao|kahao|cc number|cc num|card nr|pan number|yhk",
	kCard: "银行卡|信用卡|储蓄卡|借记卡|工资卡|贷记卡|卡|这张卡|银联卡|银联|招行卡|建行卡|工行卡|农行卡|中行卡|交行卡|社保卡号|副卡|主卡|新卡|旧卡|附属卡|卡片|" +
		"card|cards|visa|mastercard|master card|amex|american express|debit card|credit card|debit|unionpay|maestro|jcb|discover|diners|prepaid card|bank card|cc",
	kExpiry: "有效期|到期|过期时间|有效期至|有效期到|到期日|失效日期|expiry|expires|exp|exp date|expiry date|expiration|expiration date|expiring|valid thru|valid until|valid through|valid to|good thru|mm yy",
	kID: "身份证|身份证号|身份证号码|身分证|身分证号|身分证字号|证件|证件号|证件号码|居民身份证|sfz|身份号码|身份号|shen fen zheng|二代证|身份证件|" +
		"id card|id number|id no|id num|national id|national id number|identity card|identity number|citizen id|identification number|resident id|id card number|chinese id|identity no|id",
	kPassport: "护照|护照号|护照号码|hu zhao|passport|passport number|passport no|passport num",
	kPermit:   "通行证|通行证号|回乡证|台胞证|港澳通行证|往来内地通行证|港澳居民来往内地通行证|台湾居民来往大陆通行证|travel permit|home return permit|entry permit|permit number|permit no",
	kSSN:      "ssn|social security|social security number|social security no|social",
	kNRIC:     "nric|fin|fin number|nric number|fin no",
	kHKID:     "hkid|hk id|hong kong id|香港身份证|港澳身份证|香港身份证号|hkid card",
	kTWID:     "台湾身份证|台湾身分证|taiwan id|统一编号|统一证号",
	kAadhaar:  "aadhaar|aadhar|adhaar|aadhaar number|uidai",
	kNINO:     "national insurance|national insurance number|nino|ni number",
	kCPF:      "cpf|cpf number",
	kINPAN:    "pan card|pan no|pan card number|income tax pan",
	kIBAN:     "iban|iban number|iban no",
	kAccount: "银行账号|银行账户|对公账号|对公账户|对公户|收款账号|收款账户|开户账号|结算账户|企业账户|公户|银行户口|户口号码|汇款账号|账户号码|" +
		"account number|account no|account num|acct|acct no|acct number|acc no|acct num|a c no|bank account|bank account number|bank acct|checking account|savings account|acc number|a/c",
	kSort:    "sort code|sort|bsb",
	kRouting: "routing|routing number|routing no|aba|aba number|transit number",
	kSeed: "助记词|助记单词|注记词|恢复短语|种子词|种子短语|恢复词|seed|seed phrase|seed words|recovery phrase|recovery words|mnemonic|mnemonic phrase|secret phrase|secret recovery phrase|" +
		"backup phrase|12 words|24 words|zhu ji ci|wallet phrase",
	kPrivKey: "私钥|密钥私钥|应用私钥|商户私钥|si yao|private key|private keys|privkey|priv key|secret key hex|wif|signing key|wallet key|priv|ssh key",
	kAPIKey: "接口密钥|商户密钥|密钥|应用密钥|秘钥|令牌|访问令牌|app密钥|apiv3密钥|api密钥|api秘钥|签名密钥|api key|api keys|apikey|api secret|api token|access token|accesstoken|refresh token|" +
		"secret access key|access key|accesskey|access key id|access key secret|secret key|secret keys|secret|token|tokens|app secret|appsecret|app key|appkey|client secret|bearer|authorization|webhook secret|bot token|" +
		"encryption key|merchant key|sign key|session token|auth token|id token|oauth token|key|account key|session id|sessionid|session cookie|cookie|licence key|license key",
	kAnswer: "密保答案|密保问题答案|安全问题答案|密保问题的答案|安全问题的答案|密码提示答案|密保的答案|问题答案|问题的答案|答案|" +
		"security answer|secret answer|answer to my security question|answer to the security question|answer to my secret question|security question answer|mother's maiden name|mothers maiden name|" +
		"maiden name|memorable word|memorable answer|memorable information|first pet's name|first pets name|name of my first pet|recovery answer|answer",
	kQuestion: "密保问题|安全问题|密保|安全提示问题|找回问题|security question|secret question|security questions",
	kRecovery: "备用码|恢复码|备份码|救援码|恢复代码|备用代码|备用验证码|恢复密钥|backup code|backup codes|recovery code|recovery codes|rescue code|scratch code|emergency code|recovery key|backup key",
	kPayCode:  "付款码|付款条码|付款码数字|条码数字|付款二维码|条形码数字|支付码|收付款码|被扫码|payment code|pay code|payment barcode|barcode number|payment qr",
	kLogin:    "账号|账户|用户名|用户|登录名|登陆名|登录账号|登陆账号|会员名|zhanghao|账户名|user|username|user name|userid|user id|login|log in|log on|login id|login details|credentials|creds|cred|account|logins|log in details|sign in|signin|login info|acc|uname",

	gLink: "是|为|即|叫|叫做|就是|等于|写的是|用的是|填的是|输的是|设的是|说是|应该是|好像是|可能是|大概是|也是|都是|就叫|是这个|改成|改成了|改为|改为了|改到|换成|换成了|换为|设成|设成了|设为|设为了|" +
		"设置成|设置成了|设置为|设置为了|设定为|设定成|变成|变成了|变为|重置成|重置为|重设为|修改为|修改成|修改成了|更改为|更新为|更新成|系|咪系|不是|是不是|填写为|写成|输成|弄成|搞成|显示是|显示为|显示的是|写着|写着的是|写住|内容是|" +
		"is|are|was|were|be|been|it's|its|that's|thats|equals|is:|it is|shi|gai cheng|say|says|said|reads|read|would be|should be|must be|might be|may be|is still|isn't it|i s|namely|being|" +
		"into|called|aka|were set to|is set to|set to|was set to|has been|here it is|here you go|as follows|come|comes|consists of|i used|i use|i am using|i'm using|i've used|i typed|i entered|i put|i chose|i picked|i type|i enter|i have been using|they sent|you sent|they sent me|you sent me|they texted me|i got|i received|i just got|i have|i've got|it says|it said|it shows|which is",
	gTo:     "to|on to",
	gAs:     "as|as my|as the|as a|for|for my|for the|作为|当做|当作|当|做|用作|用来当|这个|这是|这就是|就是我的|是我的|是我|为我的|是我们的|这串是|is my|is the|was my|is our|is your|is their|was the|are my|be my|a valid|a good|a strong|was our|is|是|系我|这|that's my|that is my|this is my|it's my|its my|它是|这才是|作|was|this is the|that is the|is a valid|a bad|a weak|a secure|an ok|an acceptable|a safe|the right|the correct|is for",
	gChange: "改|修改|更改|设|设置|设定|重设|重置|换|更换|变更|更新|change|changed|changing|set|reset|resetting|setting|update|updated|make|made|switch|switched|switching|changes|turn|turned|move|updating|put|modify|modified|edit|assign",
	gFill: "我|我们|我的|我们的|你|你的|您|您的|他|她|他的|她的|它|家|家里|老婆|老公|老妈|老爸|妈妈|爸爸|客户|朋友|的|了|吧|呢|啊|哦|喔|噢|呀|哈|额|恩|嗯|嘛|啦|咯|哎|唉|一直|都|也|就|还|还是|便|现在|目前|当前|以前|原来|之前|从前|原先|刚才|刚刚|刚|今天|昨天|" +
		"旧|新|老|原|默认|初始|临时|备用|应该|可能|好像|大概|也许|似乎|记得|明明|确定|肯定|绝对|确实|这个|那个|这是|那|这|号|号码|号是|数字|用|用的|用了|使用|使用的|填|填的|填了|填写|输|输入|输入的|输入了|输的|输了|设的|设了|写|写的|写了|打的|打|敲|敲的|" +
		"设置的|设置了|收到|收到的|收到了|发来的|发来|发我|给我|给你|发给我|发给你|告诉你|告诉你吧|报给你|报一下|如下|见下|以下|下面|在此|六位|四位|八位|三位|两位|6位|4位|8位|三位数|四位数|六位数|六位数字|6位数|6位数字|纯数字|全数字|全小写|全大写|小写|大写|小写的|大写的|全部小写|首字母大写|字母|英文|拼音|开头|结尾|" +
		"从|由|把|将|请|麻烦|帮|帮我|登录|登陆|登入|你看|看看|看一下|你看看|查|查下|查一下|试试|试过|试了|里|里面|里写的|里面的|上|上面|上的|那串|这串|串|一串|统一|统统|全是|全|只是|不就是|不过是|我记得|我用|我填|我输|我设|我写|我试|我打|跟你说|跟你讲|偷偷告诉你|咁|系咁|先|再|又|另外|中|内|" +
		"生日|出生日期|birthday|dob|my|mine|the|a|an|our|your|his|her|their|new|old|current|previous|original|default|temp|temporary|first|last|this|that|these|those|here|it|i|me|you|we|us|he|she|they|please|pls|plz|just|now|always|still|actually|" +
		"really|maybe|think|believe|guess|probably|possibly|perhaps|definitely|currently|previously|hi|hello|hey|so|well|ok|okay|with|of|on|in|by|at|used|using|use|entered|typed|type|enter|entering|typing|number|numbers|no.|num|no|digits|digit|" +
		"numeric|pin code|like|want|wanted|have|had|got|get|received|sent|texted|gave|given|for|new one|old one|one|there|too|also|simply|only|below|above|following|follows|all|lowercase|lower case|uppercase|upper case|caps|small|letters|in lowercase|in caps|" +
		"written|spelled|spelt|exactly|btw|fyi|u|ur|ma|im|i'm|yes|yeah|yep|sure|sir|madam|bro|hmm|um|uh|er|today|yesterday|since|from|them|chose|chosen|picked|choose|put|try|tried|trying|shi wo|de|wo de|wode|to you|account|app|phone|email|e mail|wifi|home|office|work|bank|online banking|gmail|wechat|alipay|微信|支付宝|银行|手机|电脑|邮箱|账户|账号|网站|平台|商户|公司|店|后台|系统",
	gStop: "错误|不正确|正确|不对|对吗|错了|错|出错|有误|忘|忘了|忘记|忘记了|忘掉|不记得|记不得|记不住|记不清|想不起|想不起来|不知道|无法|不能|不可以|不行|不了|不上|不出|不到|没有|没|没收到|未|无|不|有|太|太长|太短|太简单|可以|能|能否|能不能|可否|必须|" +
		"要求|需要|需|要|不要|不用|无需|找回|重置|重设|修改|更改|改|改密|取消|关闭|开启|开通|解锁|锁|锁定|锁住|被锁|被锁定|冻结|被盗|被改|被|失败|失效|过期|过期了|泄露|泄漏|丢失|丢了|安全|提示|显示|输入框|框|登录不了|登不上|进不去|一样|相同|不同|复杂|简单|强度|长度|格式|规则|规定|" +
		"保护|管理|功能|服务|设置|输错|输入错误|次数|次|不一致|一致|不符|不匹配|支付|付款|登录|登陆|验证|界面|页面|弹出|出现|自动|免密|指纹|刷脸|人脸|已经|已|还没|不让|收不到|接收|获取|发送|发到|发了|重发|超时|无效|有效|乱码|为空|空白|空的|未知|保密|秘密|发|扣|扣款|绑定|绑|解绑|到账|" +
		"not|never|wrong|incorrect|correct|right|invalid|valid|expired|expires|expire|expiring|forgot|forgotten|forget|forgetting|lost|lose|missing|unknown|required|needed|need|needs|must|should|cannot|can't|cant|can|could|couldn't|won't|wont|doesn't|doesnt|does|do|did|didn't|didnt|" +
		"don't|dont|isn't|isnt|wasn't|wasnt|hasn't|hasnt|haven't|fail|fails|failed|failing|failure|blocked|block|unblock|locked|lock|unlock|reset|resets|resetting|change|changed|changes|changing|update|updated|updating|recover|recovery|recovering|retrieve|find|show|shown|showing|hide|hidden|see|" +
		"error|errors|issue|issues|problem|problems|help|trouble|fine|okay|good|bad|weak|strong|strength|secure|insecure|safe|unsafe|secret|private|confidential|personal|same|different|similar|identical|compromised|leaked|stolen|hacked|exposed|breached|guessed|shared|accepted|rejected|declined|" +
		"denied|refused|disabled|enabled|active|inactive|activated|pending|ready|empty|blank|none|null|nil|undefined|optional|mandatory|available|unavailable|supported|unsupported|allowed|working|work|works|worked|stuck|broken|dead|gone|back|done|too|very|quite|way|long|short|longer|shorter|" +
		"complex|complicated|simple|easy|hard|difficult|tricky|impossible|possible|memorable|stupid|silly|terrible|great|perfect|unique|random|generated|auto|automatic|manual|field|box|page|screen|link|button|form|prompt|dialog|message|manager|managers|policy|policies|rules|rule|requirement|requirements|" +
		"hint|limit|length|characters|character|protection|protected|security|setting|settings|option|options|feature|hash|hashing|encryption|encrypted|stored|saved|safely|attempt|attempts|retry|retries|again|already|yet|anymore|longer|being|getting|going|keep|keeps|kept|asking|asked|ask|asks|" +
		"request|requested|requests|receive|receiving|arrive|arrived|arriving|come through|coming|sending|send|resend|resent|deliver|delivered|delivery|delay|delayed|late|slow|took|take|takes|taking|match|matches|matching|mismatch|recognized|recognised|recognizing|verified|verify|verifying|confirm|confirmed|" +
		"only|something|anything|nothing|everything|someone|somebody|anyone|everyone|sensitive|case sensitive|alphanumeric|numerical|visible|invisible|readable|outdated|old|new|current|default|temporary|permanent|real|fake|true|false|yours|mine|theirs|ours|his|hers|unsaved|ignored|included|supposed|" +
		"located|displayed|printed|written|entered|typed|used|set|unset|created|deleted|removed|replaced|restored|revoked|suspended|frozen|dependent|linked|connected|tied|related|associated|because|but|although|though|while|until|unless|without|within|after|before|when|during|via|through|throughout|" +
		"please|thanks|thank|sorry|hello|hi|hey|ok|wait|nevermind|never mind|cancel|stop|exit|quit|nope|nah|later|tomorrow|now|soon|here|there|somewhere|anywhere|everywhere|out of|lol|haha|whatever|dunno|idk|unsure|not sure|unfortunately|login|logout|sign|up|down|off|over|under|about|above|than|if|or not|and then|ready|mandatory|required",
	gAsk: "怎么|怎么办|怎样|怎么样|如何|什么|什么是|是什么|啥|是啥|多少|几|几位|几个|哪|哪里|哪儿|哪个|哪些|吗|嘛|么|为什么|为啥|为何|咋|咋办|干嘛|干什么|能否|可不可以|是否|有没有|要不要|多久|点解|点样|边度|乜|点算|谁|何时|什么时候|" +
		"what|what's|whats|how|how's|where|where's|wheres|why|which|who|whose|when|whether|how to|how do|how can|what is|can i|can you|do i|should i",
	gLabel: "订单|订单号|订单编号|单号|流水|流水号|交易号|交易单号|交易流水|快递|快递号|快递单号|运单|运单号|物流|物流单号|编号|工单|工单号|商户号|商户订单号|参考号|凭证号|发票|发票号|序列号|设备号|型号|版本|版本号|机型|手机号|手机号码|" +
		"邮编|邮政编码|qq|微信号|区号|错误码|错误代码|错误号|报错|代码|报错码|状态码|邀请码|优惠码|优惠券|兑换码|推荐码|折扣码|活动码|取件码|提货码|取货码|核销码|二维码|收款码|联行号|行号|swift|税号|信用代码|统一社会信用代码|航班|车次|车牌|座位|门牌|房号|" +
		"时间|尾号|末四位|后四位|昵称|手机尾号|案件号|报案号|保单|保单号|学号|工号|会员号|用户id|uid|交易id|哈希|交易哈希|钱包地址|合约地址|公钥|证书|公众号|股票代码|基金代码|服务代码|国家代码|语言代码|地区代码|邮政代码|银行代码|行业代码|产品代码|商品代码|源代码|商品编码|" +
		"order|order number|order no|order id|orders|tracking|tracking number|tracking no|tracking id|shipment|parcel|reference|reference number|ref|ref no|ref number|invoice|invoice number|ticket|ticket number|case|case number|case id|transaction|transaction id|transaction number|txn|txn id|tx|txid|tx hash|hash|" +
		"receipt|serial|serial number|imei|sku|model|version|build|error code|error|error codes|error number|status code|http|response code|response|promo|promo code|coupon|coupon code|discount code|referral code|referral|invite code|invitation code|voucher|voucher code|gift card code|gift code|zip|zip code|postal code|post code|" +
		"postcode|area code|country code|dial code|dialing code|qr code|qr|bar code|barcode|source code|swift code|swift|bic|bic code|bank code|branch code|branch|currency code|product code|item code|dress code|tax code|reason code|decline code|return code|exit code|phone number|mobile number|" +
		"call|ending|ending in|ending with|ends in|ends with|last four|last 4|last four digits|last 4 digits|" +
		"policy number|membership number|member id|member number|employee id|uuid|guid|device id|merchant id|mid|app id|appid|bundle id|public key|certificate|wallet address|contract|block|commit|sha256|sha1|md5|checksum|fingerprint|digest|isbn|customer number|customer id|po number|po box|chapter|section|article|line|port|extension|ext|game code|friend code|team code|" +
		"morse code|coding|code of conduct|room code|meeting code|class code|key code|color code|colour code|hs code|industry code|mcc|mcc code|payment id|request id|trace id|session number|conversation|batch|lot|route|bus|plate|vin|from number|sender|sender id|shortcode|short code",
	gOther: "客服|客服电话|热线|电话|手机|联系电话|座机|传真|金额|余额|价格|总价|额度|手续费|时间|日期|支付金额|转账|扣|充值|消费|红包|红包口令|楼|地址|call|called|hotline|fax|amount|total|price|cost|fee|fees|balance|paid|pay|payment of|charged|charge|refund of|usd|rmb|cny|eur|gbp|address|street|road|room|floor|flat|date|time|dated|year|phone|mobile|telephone|tel|cell|flight|train|seat|gate",
	gUnit: "位|位数|位的|次|分钟|分|秒|秒钟|小时|天|日|周|月|年|个|元|块|块钱|万|千|百|角|人|条|张|笔|种|字符|个字符|字|倍|度|折|点|点半|号线|号楼|楼|室|版|版本|版的|代|期|折扣|发的|发来|发来的|发送的|打来|打来的|这个号码|这个号|号码发|号发|客服|开头的|结尾|收不到|拨打|多次|多位|至|到|" +
		"digit|digits|times|time|minute|minutes|min|mins|second|seconds|sec|secs|hour|hours|hr|hrs|day|days|week|weeks|month|months|year|years|characters|character|chars|char|letters|attempts|attempt|tries|usd|dollars|dollar|bucks|euro|euros|eur|gbp|pounds|rmb|cny|yuan|percent|am|pm|kb|mb|gb|km|kg|people|users|px|error|th|st|nd|rd|k|m|words|bit|bits|bytes|or more|or longer|" +
		"hkd|jpy|yen|rs|rupees|inr|street|avenue|road|transactions|payments|emails|messages|more",
	gOr:     "或者|或|或是|就是|还是|要么|以及|和|跟|及|or|and|or maybe|and also|then|也|又|and then",
	gOffer:  "发你|发给你|给你|告诉你|告诉你吧|发您|给您|报给你|报你|发过来|马上发|这就发|我发你|我发|我说|我给你|稍等发你|下一条|下面发|看下面|见下条|马上给你|coming|coming up|here you go|here it is|here|below|next message|incoming|sending it|sending now|i'll send it|ill send it|let me send it|let me give you|i'll give you|one sec|you want|do you want|do you need|you need|shall i send|need my|want my",
	gRecall: "多少来着|是多少来着|什么来着|是什么来着|啥来着|来着|要吗|要不要|需要吗|给你吗|发你吗|你要吗|多少呢|是吧",
}
