"""Every sentence about subscriptions, silences and who is told, in each language."""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "button.unsubscribe": "Unsubscribe",
    "button.unsilence": "End silence",
    # Subscriptions.
    "subscription.what": "{to} at {whose}",
    "subscription.everything": "every provider",
    "subscription.account": "{name}, account {account}",
    "subscription.room": "in rooms {room}",
    "subscription.calls": "calling {who}",
    "subscription.to.failures": "tasks that do not end well",
    "subscription.to.finished": "every end of a task",
    "subscription.to.all": "ends and news of tasks",
    "subscribed.new": "This channel now hears of {what}. Nobody has to watch them one by one.",
    "subscribed.already": "This channel hears of {what} already.",
    "subscribed.refused": "Nothing would ever come of that subscription, so it was not made.",
    "subscribed.but": "Not of these, as they are configured:",
    "subscribed.deaf": "{name} does not list its tasks, and no callback of it is accepted here. "
    "The operator sets {setting}, and has the vendor call {path} on this bot.",
    "subscriptions.head.one": "{number} subscription of this channel",
    "subscriptions.head.many": "{number} subscriptions of this channel",
    "subscriptions.more.one": "{number} more subscription is not shown.",
    "subscriptions.more.many": "{number} more subscriptions are not shown.",
    "subscriptions.by": "made by {who}",
    "subscriptions.paused": "paused {when}: {why}",
    "unsubscribed.ended": "The subscription to {what} has ended.",
    "unsubscribed.kept": "The subscription to {what} is somebody else's; whoever made it, or an "
    "operator, can end it.",
    "unsubscribed.nothing": "This channel has no such subscription.",
    "paused.channel_archived": "the channel is archived",
    "paused.bot_removed": "I am not in the channel any more",
    "paused.other": "Slack does not take messages for the channel",
    "reported.why": "Told because this channel subscribed to {what}",
    "reports.head.one": "{number} task finished",
    "reports.head.many": "{number} tasks finished",
    "reports.news.one": "News of {number} task",
    "reports.news.many": "News of {number} tasks",
    "news.found_late": "Found late: it happened {when}, when nobody looked.",
    "news.unconfirmed": "Reported by the vendor, not confirmed: nobody can be asked about it.",
    # Silences.
    "silence.all": "everything",
    "silence.room": "rooms {room}",
    "silence.head.one": "{number} silence holds now",
    "silence.head.many": "{number} silences hold now",
    "silence.more.one": "{number} more silence is not shown.",
    "silence.more.many": "{number} more silences are not shown.",
    "silence.none": "Nothing is silenced.",
    "silence.no_such": "There is no such silence, or it is over already.",
    "silence.until": "until {when}",
    "silence.by": "by {who}",
    "silence.because": "Reason: {why}",
    "silence.hidden.one": "{number} alert kept quiet",
    "silence.hidden.many": "{number} alerts kept quiet",
    "silence.begun": "{who} silenced {target} until {until}: alerts are still posted, and nobody "
    "is notified.",
    "silence.end_it": "It ends by itself, or sooner with `/mediatask unsilence {number}`.",
    "silence.hides": "The silence of {target} keeps an alert in {where} quiet until {until}: "
    "{alert}.",
    "silence.ended_by": "{who} ended the silence of {target}.",
    "silence.expired": "The silence of {target} is over.",
    "silence.hid.one": "It kept {number} alert quiet; what is still open is told now.",
    "silence.hid.many": "It kept {number} alerts quiet; what is still open is told now.",
    # Announcements.
    "oncall.other": "Something about on-call has changed.",
    "oncall.before": "some time ago",
    "subscription.news.other": "Something about the subscription of {where} to {what} changed.",
    "subscription.news.started": "{who} subscribed {where} to {what}.",
    "subscription.news.ended": "{who} ended the subscription of {where} to {what}.",
    "subscription.news.paused": "The subscription of {where} to {what}, made by {who}, is "
    "paused: {why}. It goes on when somebody subscribes there again.",
    "subscription.news.ended_itself": "The subscription of {where} to {what}, made by {who}, has "
    "ended.",
    "subscription.news.resumed": "The subscription of {where} to {what}, made by {who}, goes on.",
    "oncall.route_unusable": "Alerts cannot be posted to {where}: {why}. "
    "Invite me there, or change the channel of the route.",
    "oncall.waiting.one": "{number} alert waits to be posted there.",
    "oncall.waiting.many": "{number} alerts wait to be posted there.",
    "oncall.page_dead": "The pager {pager} did not take what it was to be told about an alert in "
    "{where}. It is not tried again; look at the alert.",
    "oncall.rota_unreadable": "The calendar of the rota {rota} cannot be read, so who is on call "
    "may be out of date.",
    "oncall.found_late.one": "Found late: {number} task of {account} that ended while nobody "
    "looked, since {since}.",
    "oncall.found_late.many": "Found late: {number} tasks of {account} that ended while nobody "
    "looked, since {since}.",
    "oncall.topic_left": "The vendor says that notifications of {account} no longer come from "
    "{topic}: somebody ended its subscription there.",
    # To one person.
    "note.subscription_not_saved": "The subscription could not be saved. Please try again.",
    "note.subscription_nowhere": "Subscriptions belong to a channel I am in. Please use it in one.",
    "note.silence_not_saved": "The silence could not be saved. Please try again.",
    "home.silences": "Silences",
    # For the shell.
    "route.none": "No route wants to hear of that. It would be told to nobody.",
    "route.head": "route {route} to channel {channel}",
    "route.notify": "at once: notifies {who}",
    "route.held": "quiet hours: notifies {who} at {when}",
    "route.step": "{when}: notifies {who}, unless somebody has acknowledged it",
    "route.pager": "{when}: rings the pager {pager}, unless somebody has acknowledged it",
    "route.no_steps": "no escalation follows",
    "route.nobody": "nobody",
    # Help.
    "help.form.subscribe": "let this channel hear of tasks nobody watches",
    "help.form.unsubscribe": "end that",
    "help.form.alerts": "what failed, and who looks after it",
    "help.form.silence": "let nobody be notified for a while",
    "help.form.unsilence": "end that",
    "help.topic.subscriptions": "*Lets a channel hear of tasks nobody has to watch one by one*: "
    "those that do not end well, or `to finished` every end, or `to all` news on the way too. "
    "`room` takes a pattern such as `lesson-*`; `notify` calls people and groups. What the bot is "
    "not told and cannot list, it refuses, with the setting that would help. `watches` lists "
    "subscriptions, `unsubscribe` ends them.",
    "help.topic.alerts": "*Shows what failed, and who looks after it.* One alert is one message "
    "for one cause, however many tasks it strikes. Acknowledge stops its reminders; Assign names "
    "who looks after it; Snooze lets it rest for a while; Resolve ends it. It resolves by itself "
    "when everything recovers. Where failures go, and who is called when, the operator configures.",
    "help.topic.silences": "*Lets nobody be notified for a while* of a provider, of one task by "
    "its ref, of rooms by a pattern, or of all. Alerts are still posted. A silence is announced "
    "when it begins, hides something and ends, and it ends by itself. `alerts` lists silences.",
}

CHINESE: Mapping[str, str] = {
    "button.unsubscribe": "取消订阅",
    "button.unsilence": "结束静默",
    # 订阅
    "subscription.what": "{whose} 的{to}",
    "subscription.everything": "全部服务商",
    "subscription.account": "{name} 账号 {account}",
    "subscription.room": "房间 {room}",
    "subscription.calls": "提醒 {who}",
    "subscription.to.failures": "异常结果",
    "subscription.to.finished": "全部结果",
    "subscription.to.all": "结果及中途消息",
    "subscribed.new": "本频道已订阅（ {what} ），无需再逐个关注。",
    "subscribed.already": "本频道此前已订阅（ {what} ）。",
    "subscribed.refused": "这样的订阅永远不会有消息，因此没有创建。",
    "subscribed.but": "按目前的配置，以下账号没有消息：",
    "subscribed.deaf": "{name} 不能列出任务，这里也不接受它的回调。"
    "请管理员设置 {setting} ，并让厂商回调机器人的 {path} 。",
    "subscriptions.head.one": "本频道有 {number} 个订阅",
    "subscriptions.head.many": "本频道有 {number} 个订阅",
    "subscriptions.more.one": "还有 {number} 个订阅未显示。",
    "subscriptions.more.many": "还有 {number} 个订阅未显示。",
    "subscriptions.by": "创建者 {who}",
    "subscriptions.paused": "已于 {when} 暂停：{why}",
    "unsubscribed.ended": "订阅（ {what} ）已结束。",
    "unsubscribed.kept": "订阅（ {what} ）由他人创建，只有创建者或管理员可以结束。",
    "unsubscribed.nothing": "本频道没有这样的订阅。",
    "paused.channel_archived": "频道已归档",
    "paused.bot_removed": "我已不在该频道中",
    "paused.other": "Slack 不接受发往该频道的消息",
    "reported.why": "因为本频道订阅了（ {what} ）",
    "reports.head.one": "{number} 个任务已结束",
    "reports.head.many": "{number} 个任务已结束",
    "reports.news.one": "{number} 个任务有新消息",
    "reports.news.many": "{number} 个任务有新消息",
    "news.found_late": "较晚发现：事情发生于 {when}，当时无人查看。",
    "news.unconfirmed": "由厂商通知，未经确认：无法再向厂商查询。",
    # 静默
    "silence.all": "全部",
    "silence.room": "房间 {room}",
    "silence.head.one": "当前有 {number} 个静默",
    "silence.head.many": "当前有 {number} 个静默",
    "silence.more.one": "还有 {number} 个静默未显示。",
    "silence.more.many": "还有 {number} 个静默未显示。",
    "silence.none": "当前没有静默。",
    "silence.no_such": "没有这样的静默，或已经结束。",
    "silence.until": "至 {when}",
    "silence.by": "由 {who} 设置",
    "silence.because": "原因：{why}",
    "silence.hidden.one": "已静默 {number} 条告警",
    "silence.hidden.many": "已静默 {number} 条告警",
    "silence.begun": "{who} 将 {target} 静默至 {until}：告警照常发布，但不通知任何人。",
    "silence.end_it": "到期自动结束，也可以用 `/mediatask unsilence {number}` 提前结束。",
    "silence.hides": "针对 {target} 的静默使 {where} 的一条告警在 {until} 之前不发通知：{alert}。",
    "silence.ended_by": "{who} 结束了针对 {target} 的静默。",
    "silence.expired": "针对 {target} 的静默已到期。",
    "silence.hid.one": "期间静默了 {number} 条告警；仍未处理的现在通知。",
    "silence.hid.many": "期间静默了 {number} 条告警；仍未处理的现在通知。",
    # 通告
    "oncall.other": "值班配置有变化。",
    "oncall.before": "一段时间前",
    "subscription.news.other": "{where} 的订阅（ {what} ）有变化。",
    "subscription.news.started": "{who} 为 {where} 创建了订阅（ {what} ）。",
    "subscription.news.ended": "{who} 结束了 {where} 的订阅（ {what} ）。",
    "subscription.news.paused": "{who} 为 {where} 创建的订阅（ {what} ）已暂停：{why}。"
    "在那里重新订阅即可恢复。",
    "subscription.news.ended_itself": "{who} 为 {where} 创建的订阅（ {what} ）已结束。",
    "subscription.news.resumed": "{who} 为 {where} 创建的订阅（ {what} ）已恢复。",
    "oncall.route_unusable": "告警无法发布到 {where}：{why}。请邀请我加入，或更改该路由的频道。",
    "oncall.waiting.one": "有 {number} 条告警等待发布到那里。",
    "oncall.waiting.many": "有 {number} 条告警等待发布到那里。",
    "oncall.page_dead": "{pager} 没有接受关于 {where} 中一条告警的呼叫，不会再重试；请查看该告警。",
    "oncall.rota_unreadable": "无法读取值班表 {rota} 的日历，值班人员可能不是最新的。",
    "oncall.found_late.one": "较晚发现：{account} 有 {number} 个任务在无人查看时结束，"
    "自 {since} 起。",
    "oncall.found_late.many": "较晚发现：{account} 有 {number} 个任务在无人查看时结束，"
    "自 {since} 起。",
    "oncall.topic_left": "厂商通知：{account} 的消息不再来自 {topic} ，有人在那里取消了订阅。",
    # 对个人
    "note.subscription_not_saved": "订阅没有保存成功，请重试。",
    "note.subscription_nowhere": "订阅属于我所在的频道，请在频道中使用。",
    "note.silence_not_saved": "静默没有保存成功，请重试。",
    "home.silences": "静默",
    # 命令行
    "route.none": "没有路由匹配，不会通知任何人。",
    "route.head": "路由 {route} 发到频道 {channel}",
    "route.notify": "立即通知 {who}",
    "route.held": "免打扰时段：于 {when} 通知 {who}",
    "route.step": "{when}：若无人确认，则通知 {who}",
    "route.pager": "{when}：若无人确认，则通过 {pager} 呼叫",
    "route.no_steps": "没有后续升级步骤",
    "route.nobody": "无人",
    # 帮助
    "help.form.subscribe": "让本频道收到无人关注的任务的消息",
    "help.form.unsubscribe": "取消订阅",
    "help.form.alerts": "哪些失败了，由谁处理",
    "help.form.silence": "一段时间内不通知任何人",
    "help.form.unsilence": "结束静默",
    "help.topic.subscriptions": "*让频道收到任务消息，无需逐个关注：* 默认仅不正常的结果，"
    " `to finished` 表示全部结果， `to all` 还包括中途消息。 `room` 接受 `lesson-*` 这样的模式；"
    " `notify` 提醒人员和用户组。既收不到回调又无法列出的任务会被拒绝，并说明需要的设置。"
    " `watches` 列出订阅， `unsubscribe` 取消订阅。",
    "help.topic.alerts": "*显示哪些任务失败，由谁处理。* 同一原因只有一条消息，不论涉及多少任务。"
    "“确认”停止提醒；“指派”指定处理人；“暂缓”让它休息一段时间；“解决”将其结束。"
    "全部恢复时自动解决。失败发到哪里、何时通知谁，由管理员配置。",
    "help.topic.silences": "*一段时间内不通知任何人：* 可以针对服务商、"
    "单个任务（写成“服务商:ID”）、房间模式或全部。告警照常发布。静默在开始、生效和结束时都会通告，并会自动到期。"
    " `alerts` 列出静默。",
}
