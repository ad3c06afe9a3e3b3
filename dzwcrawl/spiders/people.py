"""人民网 (people.com.cn): the channels of provinces and cities."""

from dzwcrawl.crawl.families import PeopleSpider


class PeopleComCnSpider(PeopleSpider):
    """人民网 (people.com.cn): the channels of provinces and cities."""

    name = "people"
    allowed_domains = ["people.com.cn"]
    channels = {
        "sd": "http://sd.people.com.cn/",
        "he": "http://he.people.com.cn/",
        "hn": "http://hn.people.com.cn/",
    }
