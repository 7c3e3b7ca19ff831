import type { auditEn } from "./audit.en";

export const auditZh: Record<keyof typeof auditEn, string> = {
  auditPage: "审计日志", auditLead: "记录所做的操作以及谁查看了受限内容。只能追加，不能改动。",
  "did.signIn": "登录", "did.signOut": "退出", "did.change": "修改数据", "did.import": "开始导入", "did.imported": "导入", "did.export": "导出", "did.read": "查看受限内容", "did.enquiry": "开挖查询", "did.refused": "被拒绝",
  "did.policy": "权限策略", "did.user": "用户", "did.unit": "单位", "did.token": "令牌", "did.session": "会话", "did.account": "本人账户", "did.anchor": "重设 head", "did.why": "权限查询",
  "outcome.done": "完成", "outcome.refused": "拒绝", "outcome.invalid": "未接受", "outcome.failed": "失败", "outcome.open": "未结束",
  tileOf: "{network} 瓦片 {tile}", mapTile: "地图瓦片 {tile}",
  anyAction: "全部操作", byUser: "用户", byObject: "设施编号", "span.hour": "最近 1 小时", "span.day": "最近 24 小时", "span.week": "最近 7 天", "span.month": "最近 30 天", "span.all": "全部时间", "span.own": "指定时段", spanFrom: "从", spanTo: "到", timeSpan: "时间",
  atTime: "时间", whoDid: "用户", whatDid: "操作", onWhat: "对象", howEnded: "结果", nobody: "未登录", noEntries: "没有符合条件的记录。", olderEntries: "更早的记录", moreTargets: "另有 {n} 个", auditTable: "导出表格",
  chainOk: "已校验至第 {n} 条", chainBad: "日志被改动过", chainLooking: "正在校验…", chainAt: "校验时间 {t}", verifyAgain: "重新校验", copyHead: "复制 head", headHint: "请把 head 另行保存，据此可查出整个日志是否被重写。",
  entry: "第 {n} 条", showInCity: "在城市中查看", address: "地址", route: "请求", hash: "哈希值", began: "开始于第几条", commandLine: "命令行",
  "detail.restricted": "受限", "detail.secret": "涉密", "detail.assets": "资产数", "detail.format": "格式", "detail.box": "范围", "detail.revision": "修订", "detail.note": "说明", "detail.created": "新增", "detail.updated": "修改", "detail.removed": "删除", "detail.unchanged": "未变", "detail.refused": "拒绝行数", "detail.files": "文件", "detail.before": "原版本", "detail.after": "新版本", "detail.name": "名称", "detail.role": "角色", "detail.unit": "单位", "detail.disabled": "停用", "detail.scopes": "权限", "detail.entries": "记录数", "detail.file": "文件", "detail.networks": "管线类别", "detail.chained": "入链", "detail.dryRun": "试运行", "detail.problem": "原因", "detail.head": "原 head", "detail.found": "发现", "detail.about": "关于",
};
