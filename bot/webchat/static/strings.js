// The widget's own words, in the three languages of Deskbell.

const en = {
  title: 'Support',
  placeholder: 'Type your message…',
  inputLabel: 'Message',
  send: 'Send',
  close: 'Close chat',
  menu: 'More',
  log: 'Conversation',
  menuAgent: 'Talk to a person',
  menuTranscript: 'Send me this conversation',
  menuLanguage: 'Language',
  menuForget: 'Delete my data',
  sayAgent: 'Talk to a person',
  typing: 'Writing…',
  connecting: 'Connecting…',
  offline: 'No connection. Your messages will be sent as soon as it is back.',
  sending: 'Sending…',
  retrying: 'Not sent yet – trying again',
  retry: 'Try now',
  refused: 'Could not be sent.',
  edit: 'Edit',
  tooLong: 'Too long: at most {max} characters.',
  left: '{n} characters left',
  newer: 'New messages ↓',
  you: 'You',
  bot: 'Assistant',
  agent: 'Support agent',
  removed: 'Message removed',
  notStored: 'For your safety this was not stored: {kinds}. Nobody at support will ever ask for it.',
  mark: '{kind} removed',
  download: 'Download',
  downloadFailed: 'The file could not be loaded. Please try again.',
  gone: 'This button is no longer available.',
  opensNew: 'opens in a new window',
  and: ', ',
  kinds: {
    password: 'password', pin: 'PIN', otp: 'one-time code', pan: 'card number', cvv: 'card security code', cn_id: 'ID number',
    private_key: 'private key', seed_phrase: 'recovery phrase', api_key: 'access key', guard_failure: 'message',
    card_expiry: 'card expiry date', jwt: 'access token', security_answer: 'security answer', recovery_code: 'recovery code',
    pay_code: 'payment code', passport: 'passport number', travel_permit: 'travel permit number', hk_id: 'ID number', tw_id: 'ID number',
    sg_nric: 'ID number', us_ssn: 'social security number', uk_nino: 'national insurance number', br_cpf: 'tax number',
    in_aadhaar: 'ID number', in_pan: 'tax number', iban: 'bank account number', bank_account: 'bank account number',
  },
  anyKind: 'sensitive data',
};

const hans = {
  title: '在线客服',
  placeholder: '请输入您的问题…',
  inputLabel: '消息',
  send: '发送',
  close: '关闭对话',
  menu: '更多',
  log: '对话',
  menuAgent: '转人工客服',
  menuTranscript: '获取对话记录',
  menuLanguage: '语言',
  menuForget: '删除我的数据',
  sayAgent: '转人工',
  typing: '正在输入…',
  connecting: '正在连接…',
  offline: '网络已断开，恢复后会自动发送您的消息。',
  sending: '发送中…',
  retrying: '尚未发出，正在重试',
  retry: '立即重试',
  refused: '无法发送。',
  edit: '修改',
  tooLong: '内容过长，最多 {max} 个字。',
  left: '还可输入 {n} 个字',
  newer: '有新消息 ↓',
  you: '您',
  bot: '智能助手',
  agent: '人工客服',
  removed: '消息已移除',
  notStored: '为了您的安全，以下内容没有被保存：{kinds}。客服人员绝不会向您索要这些信息。',
  mark: '{kind}已移除',
  download: '下载',
  downloadFailed: '文件加载失败，请重试。',
  gone: '此按钮已失效。',
  opensNew: '在新窗口打开',
  and: '、',
  kinds: {
    password: '密码', pin: '支付密码（PIN）', otp: '验证码', pan: '银行卡号', cvv: '卡安全码', cn_id: '身份证号',
    private_key: '私钥', seed_phrase: '助记词', api_key: '访问密钥', guard_failure: '消息',
    card_expiry: '卡有效期', jwt: '访问令牌', security_answer: '密保答案', recovery_code: '恢复码',
    pay_code: '付款码', passport: '护照号', travel_permit: '通行证号', hk_id: '身份证号', tw_id: '身份证号',
    sg_nric: '身份证号', us_ssn: '社会保障号', uk_nino: '国民保险号', br_cpf: '税号',
    in_aadhaar: '身份证号', in_pan: '税号', iban: '银行账号', bank_account: '银行账号',
  },
  anyKind: '敏感信息',
};

const hant = {
  title: '線上客服',
  placeholder: '請輸入您的問題…',
  inputLabel: '訊息',
  send: '傳送',
  close: '關閉對話',
  menu: '更多',
  log: '對話',
  menuAgent: '轉接真人客服',
  menuTranscript: '取得對話紀錄',
  menuLanguage: '語言',
  menuForget: '刪除我的資料',
  sayAgent: '轉人工',
  typing: '正在輸入…',
  connecting: '連線中…',
  offline: '網路已中斷，恢復後會自動傳送您的訊息。',
  sending: '傳送中…',
  retrying: '尚未送出，正在重試',
  retry: '立即重試',
  refused: '無法傳送。',
  edit: '修改',
  tooLong: '內容過長，最多 {max} 個字。',
  left: '還可輸入 {n} 個字',
  newer: '有新訊息 ↓',
  you: '您',
  bot: '智慧助理',
  agent: '真人客服',
  removed: '訊息已移除',
  notStored: '為了您的安全，以下內容沒有被儲存：{kinds}。客服人員絕不會向您索取這些資訊。',
  mark: '{kind}已移除',
  download: '下載',
  downloadFailed: '檔案載入失敗，請再試一次。',
  gone: '此按鈕已失效。',
  opensNew: '在新視窗開啟',
  and: '、',
  kinds: {
    password: '密碼', pin: '支付密碼（PIN）', otp: '驗證碼', pan: '銀行卡號', cvv: '卡片安全碼', cn_id: '身分證號',
    private_key: '私鑰', seed_phrase: '助記詞', api_key: '存取金鑰', guard_failure: '訊息',
    card_expiry: '卡片有效期', jwt: '存取權杖', security_answer: '安全問題答案', recovery_code: '復原碼',
    pay_code: '付款碼', passport: '護照號碼', travel_permit: '通行證號碼', hk_id: '身分證號', tw_id: '身分證號',
    sg_nric: '身分證號', us_ssn: '社會安全號碼', uk_nino: '國民保險號碼', br_cpf: '稅號',
    in_aadhaar: '身分證號', in_pan: '稅號', iban: '銀行帳號', bank_account: '銀行帳號',
  },
  anyKind: '敏感資訊',
};

const all = { en, 'zh-Hans': hans, 'zh-Hant': hant };

/** pickLang returns the first of the wishes (BCP 47 tags, any may be empty) that Deskbell speaks, else 'en'. */
export function pickLang(...wishes) {
  for (const wish of wishes) {
    const tag = (wish || '').toLowerCase().replaceAll('_', '-');
    if (/^zh(-|$)/.test(tag)) return /hant|-tw|-hk|-mo/.test(tag) && !/hans/.test(tag) ? 'zh-Hant' : 'zh-Hans';
    if (/^en(-|$)/.test(tag)) return 'en';
  }
  return 'en';
}

/** strings returns the words of a language. */
export function strings(lang) {
  return all[lang] ?? en;
}

/** fill replaces {name} in a text. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
