import type { peopleEn } from "./people.en";

export const peopleZh: Record<keyof typeof peopleEn, string> = {
  signInLead: "街道之下的城市", byPassword: "使用用户名和密码", byToken: "改用令牌登录", userName: "用户名", password: "密码", showPassword: "显示密码",
  tokenHint: "粘贴令牌，或登录地址中 #signin= 之后的内容。", passwordHint: "用户名和设置密码的地址由管理员提供。",
  lockedFor: "此处密码错误次数过多，请在 {t} 后再试。", refusedSignIn: "未能登录：{reason}", sessionEnded2: "登录已失效。请重新登录，当前画面保持不变。",
  setPasswordTitle: "设置您自己的密码", setPasswordLead: "{name}，您好。密码只应由您本人知道，请先设置密码。", newPassword: "新密码", newPasswordAgain: "再次输入新密码", oldPassword: "旧密码",
  passwordRule: "至少 12 个字符。几个互不相关的词语好记又难猜。", charactersSoFar: "已输入 {n} 个字符，至少 12 个", enough: "{n} 个字符", notTheSame: "两次输入不一致。", setPassword: "设置密码",
  account: "账户", accountAndAdmin: "账户与管理", mine: "我的账户", usersPage: "用户", unitsPage: "单位", administration: "管理",
  displayName: "显示名称", role: "角色", unit: "单位", noUnit: "无单位", phone: "电话", save: "保存", saved: "已保存", cancel: "取消", add: "添加", rights: "权限",
  "role.contractor": "施工单位", "role.planner": "规划人员", "role.operator": "运行值守", "role.admin": "管理员", "role.public": "公众",
  "right.own": "本人账户", "right.read": "查看", "right.export": "导出", "right.change": "修改", "right.import": "导入", "right.audit": "审计日志", "right.users": "管理用户", "right.policy": "编辑权限",
  changePassword: "修改密码", changePasswordHint: "其他会话将结束，令牌不受影响。", passwordChanged: "密码已修改，其他会话已结束。", noPasswordYet: "您还没有密码。",
  mySessions: "我的登录", thisOne: "当前浏览器", lastUsed: "最近使用 {t}", signedInAt: "登录于 {t}", endsAt: "最迟 {t} 失效", endSession: "结束", endOthers: "结束其他全部会话", sessionEndedNow: "会话已结束", othersEnded: "其他会话已结束", noOthers: "没有在其他地方登录。",
  myTokens: "我的令牌", tokensHint: "供 QGIS 或脚本等程序使用，以 Authorization: Bearer 令牌 的形式发送。令牌的权限不超过您本人。", noTokens: "没有令牌。", makeToken: "签发令牌", tokenName: "用途", tokenDays: "有效期", days: "{n} 天", endless: "长期有效", tokenScopes: "可用于", allRights: "我的全部权限",
  tokenOnce: "请立即复制此令牌，它只显示这一次。", linkOnce: "请立即把此地址交给 {name}：只显示这一次，仅可使用一次，有效期至 {t}。", copy: "复制", copiedIt: "已复制", neverUsed: "从未使用", unnamed: "未命名", revoke: "吊销", revoked: "令牌已吊销", endsOn: "有效期至 {t}", noEnd: "长期有效", done: "完成",
  findUsers: "搜索姓名或单位", addUser: "添加用户", noUsers: "没有找到用户。", usersMore: "更多", lastSignIn: "最近登录", never: "从未", stateActive: "正常", stateDisabled: "已停用", stateWaiting: "尚未设置密码", stateToken: "无密码", userAdded: "用户已添加",
  disable: "停用", enable: "恢复", disableHint: "立即生效：会话和令牌随即失效。", enableHint: "用新的登录地址或令牌即可再次登录。", newLink: "新的登录地址", newLinkHint: "旧密码随即失效，会话结束。", endSessions: "结束全部会话", sessionsEnded: "会话已结束", sessionCount: "{n} 个会话", tokenCount: "{n} 个令牌", removeUser: "删除", removed: "已删除", addedOn: "添加于", back: "返回",
  addUnit: "添加单位", unitCode: "代码", unitName: "名称", unitKind: "类型", noUnits: "还没有单位。单位是用户所属的权属、运行、施工单位或主管部门。", unitUsers: "{n} 名用户", unitAdded: "单位已添加", changeUnit: "修改单位", codeStays: "代码不可修改：用户和权限均以此指称该单位。",
  "unit.owner": "管线权属单位", "unit.operator": "运行单位", "unit.contractor": "施工单位", "unit.authority": "主管部门", "unit.other": "其他",
  secondsLong: "{n} 秒", minutesLong: "{m} 分 {s} 秒",
};
