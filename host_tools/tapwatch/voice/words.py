"""What is said for each word of the vocabulary, in each language, and words that mean nothing to the watch.

The ids are those of the watch (`firmware/watch/voice/vocabulary.py`), in its order; a test compares them.
"""

from __future__ import annotations

_COMMANDS = (
    "payment wallet balance history timer stopwatch alarm weather music next previous pause continue louder quieter "
    "phone answer decline settings home"
)
_DIGITS = "zero one two three four five six seven eight nine"
_SHORT = "yes no stop back"
COMMANDS = tuple(_COMMANDS.split())
DIGITS = tuple(_DIGITS.split())
SHORT = tuple(_SHORT.split())
WORDS = COMMANDS + DIGITS + SHORT
NOTHING = len(WORDS)
"""The label of whatever is no word."""
RISKS = ("low", "middle", "high")
"""What a misheard word costs: names of `risk` in firmware/watch/voice/vocabulary.py, in the order of thresholds."""
RECORDING = "?"
"""What stands before the number of a recording, where others have a word."""
UNKNOWN = 255
"""The label of a recording of which nobody says what it is."""

# Commands have two or three syllables, and no two begin with the same one, whatever the tones. So there is no 下一个
# beside 上一个, no 记录, 计时, 拒绝 beside 继续. By telephone 一 is too near to 七, but here 幺 is nearer to 六.
_MANDARIN_WORDS = (
    "付款 钱包 余额 明细 倒计时 秒表 闹钟 天气 音乐 跳过 上一首 暂停 继续 大声 小声 电话 接听 挂断 设置 主页 "
    "零 一 二 三 四 五 六 七 八 九 好的 不要 停止 返回"
)
_MANDARIN: dict[str, str] = dict(zip(WORDS, _MANDARIN_WORDS.split(), strict=True))

_ENGLISH_OTHERS = """
alexa computer jarvis mirror snowboy glass hello window table morning evening people water coffee children
together because before after under over about again almost also always animal another apple around ask away
baby ball bank beautiful become bed begin behind believe better between bird black blue board boat body book
both box boy bread break bring brother brown build business busy butter call car carry cat chair change cheese
city class clean clear close cold color corner country cover cross dance dark daughter day deep different dinner
doctor dog door down dream dress drink drive early earth easy eat egg end engine enough every example eye face
family far farm fast father feel field find finger fire first fish floor flower follow food foot forest forget
friend front full game garden girl give go gold good great green ground group grow hair half hand happy hard
head hear heart heavy help high hill hold horse hot hour house hundred ice idea island job join jump keep key
kind king kitchen know land large last laugh law lead learn leave left leg letter light line list listen little
long look lost love low machine make man map market matter maybe mean measure meet milk mind minute money month
moon more most mother mountain mouth move much name nature near need never new news night noise north note
nothing number ocean off office oil old open orange order other out page paper parent park part party pass past
pay pen pepper picture piece place plan plant play please point police poor power pretty problem pull push put
queen question quick quiet quite rain reach read ready real record red remember rest rich ride right ring river
road rock room rose round rule run safe salt same sand save say school science sea season seat see sell send
sentence serve set shape share sheep ship shirt shoe shop short shoulder show sick side sign silver simple sing
sister sit size skin sky sleep slow small smell smile snow soft soldier some son song soon sound south space
speak special spell spend sport spring square stand star start state station stay step stick stone store story
straight strange street strong student study such sugar summer sun sure surface sweet swim system tail take talk
tall tea teach team tell ten test thank thing think thousand tired today toe tomorrow tonight tooth top touch
town train travel tree trouble true trust try turn twenty twelve type uncle understand usual valley very village
visit voice wait walk wall want war warm wash watch wave way weak wear week weight well west wheel where white
who wide wife wild wind wine winter wish woman wonder wood word work world worry write wrong yard year yellow
yesterday young ate for to too won tree free sex heaven fine line mine nein hero oh nil nought double triple
point dollar euro cents paymaster statement ballot ballad valance mystery history's primer tighter lime alarmed
leather feather whether muse magic text vexed devious paws applause discontinue prouder softer tone phony
answered dancer recline incline getting meetings foam roam comb yep yeah nope nah stopping top shop pack bag
black messages flashlight calendar camera television remote silence resume repeat cancel
"""
# Not 是 and 十, which some people's 四 is; not 好, 幺 and 两, which mean 好的, 一 and 二.
_MANDARIN_OTHERS = """
消息 手电 日历 相机 电视 遥控 静音 恢复 重复 取消 你好 谢谢 再见 早上 晚上 中午 今天 明天 昨天
时间 地方 朋友 家人 孩子 老师 学生 学校 医院 公司 工作 休息 吃饭 喝水 睡觉 起床 走路 跑步 开车
飞机 火车 汽车 自行车 地铁 公园 商店 超市 银行 邮局 餐厅 厨房 房间 窗户 桌子 椅子 衣服 鞋子
帽子 眼镜 雨伞 苹果 香蕉 西瓜 米饭 面条 牛奶 鸡蛋 茶叶 咖啡 果汁 春天 夏天 秋天 冬天 下雨 下雪
刮风 太阳 月亮 星星 山水 河流 大海 森林 花园 动物 小狗 小猫 老虎 大象 红色 蓝色 绿色 黄色 白色
黑色 漂亮 高兴 难过 生气 害怕 喜欢 知道 认为 希望 需要 可以 应该 已经 正在 马上 以后 以前 左边
右边 前面 后面 上面 下面 里面 外面 电脑 手机 键盘 屏幕 网络 软件 文件 照片 视频 电影 新闻 故事
历史 数学 语文 英语 中国 北京 上海 广州 世界 问题 答案 办法 机会 经验 结果 原因 情况 关系 付钱
款项 包子 余下 额头 机器 几乎 庙会 大便 小便 大小 生日 停车 听说 止步 主意 主要 夜里 设计 位置
拒签 绝对 借钱 滴答 话题 店面 下个月 上个月 一个 两个 百 千 万 零钱 一二 三四 五六 七八
要 不 对 错 开 关 来 去 我 你 他 她 们
记录 记住 贷款 条款 星期 命令 名字 惊喜 跳舞 经过 通过 调高 判断 不断 短信 上衣 下一首 首都 到期
时区 查看 差额 多余 喇叭 刮刀 注册 设备 前天 结束 电梯
"""

HOMOPHONES = {
    "ate": "eight",
    "for": "four",
    "to": "two",
    "too": "two",
    "won": "one",
    "paws": "pause",
    "know": "no",
    "whether": "weather",
}
"""English words among the others that sound like one of the vocabulary: they are taken for it."""
AMBIGUOUS = ("nein", "tree", "free", "sex")
"""Words among the others that some people's word of the vocabulary sounds like: no example of anything."""


def others(language: str) -> tuple[str, ...]:
    """Words that are none of the vocabulary, in the order in which plans draw from them."""
    return tuple((_ENGLISH_OTHERS if language == "en" else _MANDARIN_OTHERS).split())


def spoken(word: str, language: str) -> str:
    """What a voice says for the word `word`: an id, or one of `others`."""
    return _MANDARIN.get(word, word) if language == "zh" else word


def label(word: str) -> int | None:
    """The output of a network that a spoken word belongs to, None for none in particular.

    Args:
        word: an id, one of `others`, or the number of a recording behind `RECORDING`.
    """
    if word.startswith(RECORDING):
        return UNKNOWN
    word = HOMOPHONES.get(word, word)
    if word in WORDS:
        return WORDS.index(word)
    return None if word in AMBIGUOUS else NOTHING
