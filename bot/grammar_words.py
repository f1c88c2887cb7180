"""Every sentence the grammar says, in each language; ``bot.views.words`` takes them in.

A value in braces is a code span of what was typed, or words of the grammar themselves.
"""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "usage.understood": "Understood: {understood}",
    "usage.no_id": "Which task at `{provider}`? An id is missing.",
    "usage.too_many_ids": "That is {number} ids; one command takes at most {most}.",
    "usage.bad_id": "{word} cannot be an id: {why}.",
    "usage.link_without_id": "No id of a task was found in {link}.",
    "usage.no_provider": "{word} is no provider here.",
    "usage.provider_not_here": "`{provider}` has no account here. Configured: {here}.",
    "usage.nothing_here": "`{provider}` has no account here, and no other provider has one.",
    "usage.no_such_account": "`{provider}` has no account {account} here; it has {here}.",
    "usage.another_provider": "{word} is a second provider; a command asks one. "
    "Ids of several are written as refs.",
    "usage.provider_not_first": "{word} stands before the provider, which comes first.",
    "usage.needless_verb": "{word} is not needed: what is to be shown comes first.",
    "usage.no_verb": "{word} is no command.",
    "usage.verb_not_first": "`{verb}` comes first, then the provider.",
    "usage.reserved": "`{verb}` is not in this version.",
    "usage.takes_nothing": "`{verb}` takes nothing after it, not even {rest}.",
    "usage.no_topic": "There is no help about {word}. Topics: {topics}.",
    "usage.list_no_provider": "Whose tasks? `list` needs a provider: {here}.",
    "usage.list_none_here": "Only `mpc` and `record` can list tasks, and neither is configured.",
    "usage.list_not_listable": "{word} cannot list its tasks; here this can: {here}.",
    "usage.list_one": "{word} is one provider too many: one list at a time.",
    "usage.list_twice": "One of each is enough: {word} comes on top.",
    "usage.list_state": "`{provider}` cannot list by {word}; it can by {states}.",
    "usage.list_word": "{word} is no state, `since` or `page`. States of `{provider}`: {states}.",
    "usage.list_since": "`since` needs a time such as `90s`, `10m`, `2h` or `7d` after it.",
    "usage.list_since_long": "A list of `{provider}` goes back {days} days at most.",
    "usage.list_page": "`page` needs a number from 1 to 9999 after it.",
}

CHINESE: Mapping[str, str] = {
    "usage.understood": "已识别：{understood}",
    "usage.no_id": "要查询 `{provider}` 的哪个任务？缺少任务 ID。",
    "usage.too_many_ids": "共有 {number} 个 ID；一条命令最多支持 {most} 个。",
    "usage.bad_id": "{word} 不可能是任务 ID：{why}。",
    "usage.link_without_id": "在 {link} 中没有找到任务 ID。",
    "usage.no_provider": "这里没有名为 {word} 的服务商。",
    "usage.provider_not_here": "`{provider}` 在这里没有账号。已配置：{here}。",
    "usage.nothing_here": "`{provider}` 在这里没有账号，其他服务商也没有。",
    "usage.no_such_account": "`{provider}` 在这里没有账号 {account}；可用账号：{here}。",
    "usage.another_provider": "{word} 是第二个服务商；一条命令只能查询一个。"
    "多个服务商的 ID 请写成“服务商:ID”。",
    "usage.provider_not_first": "{word} 写在了服务商前面；服务商应放在最前。",
    "usage.needless_verb": "不需要 {word}：直接写要查询的内容即可。",
    "usage.no_verb": "没有 {word} 这个命令。",
    "usage.verb_not_first": "请先写 `{verb}`，再写服务商。",
    "usage.reserved": "当前版本还不支持 `{verb}`。",
    "usage.takes_nothing": "`{verb}` 后面不需要任何内容，请去掉 {rest}。",
    "usage.no_topic": "没有关于 {word} 的帮助。可选主题：{topics}。",
    "usage.list_no_provider": "要列出谁的任务？`list` 后面需要服务商：{here}。",
    "usage.list_none_here": "只有 `mpc` 和 `record` 能列出任务，而这里都没有配置。",
    "usage.list_not_listable": "{word} 不能列出任务；这里可以列出的有：{here}。",
    "usage.list_one": "{word} 是多余的服务商：一次只能列出一个。",
    "usage.list_twice": "每个选项只能写一次：{word} 是多余的。",
    "usage.list_state": "`{provider}` 不能按 {word} 筛选；可以按：{states}。",
    "usage.list_word": "{word} 不是状态，也不是 `since` 或 `page`。`{provider}` 的状态：{states}。",
    "usage.list_since": "`since` 后面需要时间，例如 `90s`、`10m`、`2h` 或 `7d`。",
    "usage.list_since_long": "`{provider}` 最多只能列出最近 {days} 天的任务。",
    "usage.list_page": "`page` 后面需要 1 到 9999 的页码。",
}
