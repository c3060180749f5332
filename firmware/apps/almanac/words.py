"""Texts of the almanac face. Lists of names are one text, parted by commas."""

TEXT = {
    "en": {
        "months": "1st month,2nd month,3rd month,4th month,5th month,6th month,7th month,8th month,9th month,"
        "10th month,11th month,12th month",
        "leap": "Leap {n}",
        "days": "",
        "day": "Day {n}",
        "stems": "Jia,Yi,Bing,Ding,Wu,Ji,Geng,Xin,Ren,Gui",
        "branches": "Zi,Chou,Yin,Mao,Chen,Si,Wu,Wei,Shen,You,Xu,Hai",
        "animals": "Rat,Ox,Tiger,Rabbit,Dragon,Snake,Horse,Goat,Monkey,Rooster,Dog,Pig",
        "year": "{stem}-{branch}, {animal} year",
        "terms": "Minor Cold,Major Cold,Start of Spring,Rain Water,Insects Awaken,Spring Equinox,Pure Brightness,"
        "Grain Rain,Start of Summer,Grain Buds,Grain in Ear,Summer Solstice,Minor Heat,Major Heat,"
        "Start of Autumn,End of Heat,White Dew,Autumn Equinox,Cold Dew,Frost Descends,Start of Winter,"
        "Minor Snow,Major Snow,Winter Solstice",
        "today": "{n} today",
        "tomorrow": "{n} in 1 d",
        "left": "{n} in {days} d",
        "feast-1-1": "Spring Festival",
        "feast-1-15": "Lantern Festival",
        "feast-5-5": "Dragon Boat Festival",
        "feast-7-7": "Qixi Festival",
        "feast-8-15": "Mid-Autumn Festival",
        "feast-9-9": "Double Ninth Festival",
        "feast-12-8": "Laba Festival",
        "feast-last": "New Year's Eve",
    },
    "zh": {
        "months": "正月,二月,三月,四月,五月,六月,七月,八月,九月,十月,冬月,腊月",
        "leap": "闰{n}",
        "days": "初一,初二,初三,初四,初五,初六,初七,初八,初九,初十,十一,十二,十三,十四,十五,十六,十七,十八,十九,二十,"
        "廿一,廿二,廿三,廿四,廿五,廿六,廿七,廿八,廿九,三十",
        "day": "",
        "stems": "甲,乙,丙,丁,戊,己,庚,辛,壬,癸",
        "branches": "子,丑,寅,卯,辰,巳,午,未,申,酉,戌,亥",
        "animals": "鼠,牛,虎,兔,龙,蛇,马,羊,猴,鸡,狗,猪",
        "year": "{stem}{branch}年  属{animal}",
        "terms": "小寒,大寒,立春,雨水,惊蛰,春分,清明,谷雨,立夏,小满,芒种,夏至,小暑,大暑,立秋,处暑,白露,秋分,寒露,霜降,"
        "立冬,小雪,大雪,冬至",
        "today": "今日{n}",
        "tomorrow": "明日{n}",
        "left": "{days} 天后{n}",
        "feast-1-1": "春节",
        "feast-1-15": "元宵节",
        "feast-5-5": "端午节",
        "feast-7-7": "七夕",
        "feast-8-15": "中秋节",
        "feast-9-9": "重阳节",
        "feast-12-8": "腊八节",
        "feast-last": "除夕",
    },
}
