"""Lines known to be boilerplate by their words alone: share boxes, QR codes, subscriptions, notices.

Two kinds of knowledge. `phrase_reason` names lines that never belong to an article, wherever they stand.
`tail_reason` names lines that open what follows an article (related lists, notices), so that everything from
there to the end of the page can go. Both look at whole lines, folded by width and case, and are silent about
prose: datelines, bylines, （完）, (Ende), 据新华社, weather lines and column names in 【】 are article text.

Credit lines (责任编辑, 来源 …) are metadata and known elsewhere.
"""

import re
from functools import lru_cache

from dzwcrawl.text import fold

_MAX_LINE = 90
"""Characters of a line above which a whole-line phrase is not looked for."""

_MAX_NOTICE = 600
"""Characters of a line above which a legal notice is not looked for."""

_START = r"[\[【(<>«»‹›→●■▲▶►◆·•|\s*#+-]*"
_END = r"[:.,;!?。、>»›→…\]】)\s|-]*"

# One pattern a line (a line set further in goes on with the one before), matched against the whole line after
# folding: full-width forms are ASCII, letters are lower case, white space is single blanks. Brackets, bullets
# and closing punctuation around it are allowed. A repeated group whose alternatives can split a text in more than
# one way (12 is \d+ once or twice) is possessive, or a line of digits would be tried in every way.
_LINES = {
    "subscription": r"""
        .{0,8}手机报(订阅方式)?
        .{0,8}订阅方式:?.{0,40}|(中国)?(移动|联通|电信)(手机)?用户:?,?.{0,6}(发送|编辑)(短信)?.{1,20}到 ?\d{5,14}.{0,12}
        (发送|编辑)短信.{1,20}到 ?\d{5,14}.{0,30}|(立即|点击|我要|在线|免费)?订阅(本刊|本报|我们|此?栏目|rss)?
        (sign up|subscribe|register)( now| today| here)?( (to|for) .{0,40}(newsletters?|updates|alerts|inbox).{0,20})?
        (already (a|an) )?(subscriber|member|registered)\?? ?(log|sign) ?in.{0,20}
        (get|receive) .{0,50}(newsletter|(in|to) your inbox|email alerts).{0,40}
        .{0,20}newsletter.{0,20}(abonnieren|anmelden|bestellen|sichern|testen).{0,20}
        (jetzt )?(abonnieren|abo (abschließen|abschliessen|testen)|weiterlesen mit .{2,20})
        (déjà )?abonnée?s? ?\? ?(connectez-vous|se connecter|identifiez-vous)?
        (s'abonner|abonnez-vous|je m'abonne)( .{0,40})?
        (suscríbete|suscríbase|suscribirse|regístrate)( .{0,40})?
        il vous reste [\d.,]+ ?% de cet article.{0,60}|.{0,30}réservée? aux abonnés|identifiez-vous
        ajouter à vos sélections
        (create an account|register|sign in|log in|subscribe)( or (sign|log) in)? to (unlock|continue|read
            |keep reading).{0,60}
        (register|sign in|log in) ?(/|or) ?(register|sign in|log in|create an account).{0,40}
        unlimited (digital )?access.{0,40}
        this (article|content|content is|story) is .{0,20}(subscribers|members|premium).{0,20}
        .{0,14}for subscribers only
        (dieser artikel ist|exklusiv|nur) .{0,20}für (abonnenten|registrierte|abonnentinnen|plus).{0,40}
        (contenido |artículo )?(exclusivo|solo) para suscriptores.{0,30}
        会員登録|無料会員登録|ログイン|有料会員.{0,20}|この記事は(有料|会員).{0,30}|購読(する|のお申し込み)|残り\d+文字
        구독(하기|신청)?|뉴스레터( 구독.{0,10})?|로그인|회원가입|訂閱(我們|.{0,10}電子報)?
        (get|receive) .{0,50}(in|to) your inbox\. .{0,40}
        join (over |more than )?[\d,.]+[+km]? (other )?(subscribers|readers|members).{0,60}
        (get |receive )?.{0,50}(delivered|straight|right|direct|directly) (in)?to your (inbox|desktop|phone|e-?mail).{0,20}
        """,
    "share": r"""
        (一键|点击|我要|微信|微博|扫码)?(分享|转发)(到|至|给)?(:| )?(新浪|腾讯|微博|微信|qq|空间|好友|朋友圈
            |人人网|[\s/、,])*
        ((新浪|腾讯|官方)?微博|微信(好友|朋友圈)?|qq(空间|好友)?|朋友圈|人人网|豆瓣网?|开心网|复制链接|收藏
            |[\s|/、])++
        (分享|转发)(让更多人看到|本文|文章|新闻|此文|链接|按钮|赚金币|到:.{0,40})|(点赞|点个赞|赞一个|收藏(本文|本页|文章)?|分享收藏|举报) ?[(:]?\d*
        点击?右上角.{0,30}
        ((share|tweet|pin it|email( this)?|e-mail|facebook|twitter|whatsapp|linkedin|telegram|flipboard
            |copy (link|url)|link copied)[\s|/,·]*)+
        ((facebook|twitter|whatsapp|linkedin|telegram|messenger|instagram|pinterest|reddit|youtube|tiktok
            |bluesky|x)[\s|/,·]+){2,}x?
        (share|tweet|post|pin|like) (this|it)( (article|story|page|post|video|link|information))?( (on|via
            |with|to) .{0,60})?
        share (on|via|with|to) .{0,40}|post (to|on) (facebook|twitter|linkedin|google ?\+?)|posted|tweeted|sent
        (a|your) (link|tweet|message|e-?mail|story|article) has been (posted|sent|shared) to your .{0,50}
        [\d.,]+ ?[km]? (shares|tweets|likes|mal geteilt|partages)|(read (or|and) )?share this story: ?https?://.{0,60}
        (comparte|compartir|partager|teilen|del|condividi|compartilhar|compartilhe|deel|udostępnij)( (via|on
            |by|en|sur|auf|på|su) .{0,30})?
        (artikel|beitrag|seite|inhalt) (teilen|drucken|merken|empfehlen|versenden|kommentieren|vorlesen|hören)
        partager (l'article|cet article|la page)|cet article vous a plu.{0,40}
        (comparte|compartir) (esta|este|la|el) .{0,30}
        シェア(する)?|ツイート(する)?|ポスト(する)?|この記事をシェア.{0,10}|記事を(シェア|保存|印刷).{0,8}
        はてなブックマーク|lineで送る|リンクをコピー(する)?|いいね!?
        공유(하기)?|카카오톡(으로 공유.{0,6})?|페이스북|트위터|url ?복사|기사 ?공유(하기)?|좋아요( ?\d+)?|스크랩
        分享(到|至|给|給)? ?(facebook|line|twitter|x|weibo|wechat)|加入line好友.{0,8}
        (复制|收藏|推荐|告诉)(此页|地址|网址|好友|给好友)|推荐给好友
        """,
    "print": r"""
        (打印(本页|本文|文章|此页|预览)?|关闭(窗口|本页|页面|此页)?|列印|友善列印|[\s|/、【】\[\]()])+
        (字号|字体大小|文字大小|字級|字型大小|调整字体)(选择|设置)?:?(超大|特大|加大|缩小|放大|标准|正常
            |默认|恢复|大|中|小|a|t|[+\s|/\[\]【】()、.-])*
        字体:?[\s\[]*((超大|特大|大|中|小)[\s|/\[\]【】()、.-]*)*
        (超大|特大|大|中|小)([\s|/\[\]【】()、.-]+(超大|特大|大|中|小)){1,3}|大中小|a ?[+-]?( ?[|/]? ?a ?[+-]?){1,3}
        print( (this|article|page).{0,10})?|text size|font size|(increase|decrease) (font|text).*
        schriftgr(ö|o)sse.{0,12}|drucken|imprimer|imprimir|印刷(する)?|文字サイズ.{0,12}|글자 ?크기.{0,12}|프린트|인쇄(하기)?
        ((发表评论|我要评论|告诉好友|推荐给好友|推荐|投稿|邀请|分享|举报|收藏(此文|此页|本文|本页)?
            |复制(本文)?(地址|网址|链接)|打印(此文|本文|本页)?|关闭(窗口|本页)?|繁体|简体|大[\s|/]*中[\s|/]*小)
            [\s|/【】\[\]()]*){2,}
        """,
    "scan": r"""
        (请|可)?(用|使用|打开)?(手机|微信)?,?(扫一扫|扫码|扫一下|扫描|长按)(此|该|本|识别|图片|图中|文中
            |下方|下图|上方|右侧|左侧|下面|上面|以下|这个)*二维码.{0,30}
        (请|用|使用|打开)*(手机|微信|浏览器).{0,10}(扫一扫|扫码|扫描).{0,30}|(扫一扫|长按识别|掃描|掃一掃|掃碼).{0,24}
        (手机|移动端?|微信)(查看|看新闻|阅读|扫一扫|扫码|浏览|版|访问|继续阅读|打开)
        .{0,12}二维码(分享|下载)?
        扫码(观看|查看|阅读|下载|关注|加入|加群|进群|参与|报名|了解|看).{0,60}
        scan (the|this) qr.{0,40}
        """,
    "promotion": r"""
        更多(精彩|新闻|最新)?(内容|资讯|报道|新闻|信息|消息|详情|猛料|干货|精彩|服务),?(请|敬请|欢迎|可|扫码
            |点击|关注|下载|尽在|就在).{0,60}
        (请|欢迎|敬请|记得|点击|快来|长按|扫码|搜索|微信|立即|马上)+,?(搜索|添加)?(关注|加入|订阅)(我们|微信
            |微博|公众|官方|本报|本刊|本台|@|“|"|【).{0,40}
        (欢迎|敬请|请|点击|长按|扫码|搜索)?关注.{0,16}(公众号|微信号|官方微信|官方微博|客户端|抖音号|头条号
            |视频号).{0,20}
        .{0,16}(官方(微信|微博|抖音|客户端|公众号|快手|头条号|账号|app)|微信公众号|微信公众平台|公众账号)
        (微信|公众)(公众)?(平台|账号|帐号|号)?(id)?:.{1,40}
        (点击|立即|马上|免费|扫码|请)?(下载|打开|安装).{0,14}(app|客户端).{0,24}
        (app|客户端)(下载|内打开|专享|内查看)
        (点击|戳|请戳|猛戳|长按)(此处|这里|下方|上方|蓝字|左下方|阅读原文).{0,40}
        (点击)?(这里)?(展开|查看|阅读|显示)(全部|全文|更多|原文|剩余.{0,10}|余下.{0,10}|完整.{0,8})(内容
            |图片|评论)?
        (点击)?(加载|查看|浏览|显示|了解)?更多(精彩|新闻|内容|详情|资讯|视频|文章|评论|图片|热点|专题)*
        返回.{2,8},?查看更多.{0,8}
        正在加载.{0,8}|加载失败.{0,12}|数据加载.{0,6}
        时政公众号爆三样|大众海蓝|大众网|海报新闻|\w{1,6}网论坛|\w{1,6}网全媒体矩阵|山东24小时
        (新闻热线|报料热线|爆料热线|新闻爆料|报料电话|爆料电话|爆料联系|记者爆料|新闻报料).{0,60}
        (投稿|来稿|报料|爆料|广告|商务合作|合作)(请联系)?(邮箱|信箱|微信|qq|热线|电话)+.{0,50}
        (我要|欢迎|在线|网上|一键)(投稿|报料|爆料|纠错|反馈|挑错|提问)(有奖)?
        (内容|文章|我要|页面|新闻)?纠错(反馈)?
        (follow|like|find|join|connect with) (us|me|.{2,30}) on (facebook|twitter|x|instagram|telegram
            |whatsapp|youtube|tiktok|google news|social media).{0,60}
        (download|get|try|install) (the|our) .{0,30}\bapp\b.{0,40}
        (folgen sie|folge) uns .{0,40}|(suivez|retrouvez)[ -]nous .{0,40}|síguenos en .{0,40}
        seguici su .{0,20}
        click here (to|for) .{0,60}|(add|make) .{0,30}(preferred|trusted) source.{0,20}|add .{2,30} on google
        (support|unterstützen sie|soutenez) (our|unseren|notre) (journalism|journalismus|journalisme).{0,40}
        get started( now| today| for free| here)?|learn more|contact us( today| now)?|no credit card required
        (start|begin|try) (your |a |my |our )?((\d+|one|two)[ -](day|week|month) )?free trial( .{2,30})?
        ((start|get|try) )?(your |a )?\d+[ -]day (free )?trial( .{2,30})?
        (book|request|schedule|get|watch) (a|your|my) (free |live |quick )?(demo|consultation|session|call|trial
            |tour)( today| now| here)?
        (buy|shop|apply|enroll|book|donate|order|download|call)( us)? now|add to cart
        jetzt (kaufen|bestellen|testen|bewerben|spenden|buchen|sichern)
        フォロー(する)?|友だち追加|公式(twitter|x|line|アカウント).{0,14}
        アプリ(で開く|をダウンロード|ダウンロード)|もっと(見る|読む)|続きを(読む|見る)
        더 ?보기|기사 ?더 ?보기|전체 ?보기|네이버.{0,10}구독.{0,10}|채널 ?(추가|구독).{0,10}
        제보(하기|는 .{0,60})
        关注我们|商务合作|海量资讯.{0,10}尽在.{0,20}
        (打开|下载)\S{0,8}(app|客户端|新闻|头条|微信),? ?(查看|阅读|收看|体验|看).{0,14}
        (點我|立即|馬上)?下載app|.{0,24}用app看新聞.{0,20}|看更多(新聞)?|請?繼續往下閱讀.{0,4}
        """,
    "navigation": r"""
        (您|你|我)?(现在|当前|目前|所在)*的?(位置|所在位置|所在栏目)(是|为|:|>|»|-).{0,80}
        (您|你)?(现在|当前|目前|所在)+的?位置.{0,60}
        (首页|网站首页|本站首页|主页)( ?[>»›/|·-]{1,3} ?[^>»›/|。·\s-][^>»›/|。·-]{0,19}+){1,9}+
        (跳转|跳至|转到|共?\d+页|第\d+页|首页|全文|\d+|[\s\[\]()<>«»‹›|/.…])*+(上一?页|下一?页|尾页|末页
            |前一页|后一页|单页阅读)(上一?页|下一?页|首页|尾页|末页|共?\d+页|第\d+页|全文|\d+
            |[\s\[\]()<>«»‹›|/.…])*+
        (上|下|前|后)一(篇|条|版|期|张|组|图集|则|章|节)(:.{0,80}|稿件|新闻|文章|图集)?|没有了
        (返回|回到|转到|进入)(首页|主页|目录|顶部|列表|上一页|上级|上页|版面|网站首页|栏目|网首页|头条|频道
            |.{2,6}网|.{2,6}首页|专题)
        (设为首页|加入收藏|手机版|电脑版|手机客户端|全站导航|网站导航|网站地图|版面导航|标题导航|站内搜索
            |用户登录|无障碍|\s|\|)+(浏览|阅读)?
        首页|尾页|末页|搜索|登录|注册|登录/注册|退出|个人中心|rss|全文阅读|繁體|简体
        第?[a-z]?\d{1,3}版:.{0,12}
        大众报业集团主办|精华推荐|今日热播|论坛热帖
        (home|start|startseite|accueil|inicio)( ?(>|»|›|/|\||->) ?[^>»›/|.]{1,40}){1,6}
        skip to (main )?(content|navigation)|(jump|skip|back|return) to (top|content|home.*|main.*|navigation)
        menu|search|next|previous|prev|(next|previous) (page|article|story|post)|page \d+ of \d+|go back
        close|home
        log ?in|sign ?in|log ?out|expand|show (more|less)|table of contents|on this page|toggle .{0,20}
        zum inhalt springen|zur startseite|startseite|nach oben|seite \d+ (von|/) \d+|vorheriger artikel
        nächster artikel
        zurück|weiter|menü|suche|anmelden|inhaltsverzeichnis
        retour (en haut|à l'accueil)|accueil|article (précédent|suivant)|aller au contenu|se connecter
        rechercher
        volver( arriba| al inicio)?|inicio|artículo (anterior|siguiente)|ir al contenido|iniciar sesión|buscar
        次のページ|前のページ|次へ|前へ|トップ(ページ)?(へ(戻る)?)?|ホーム|次ページ.{0,20}|ページトップへ?
        目次|\d+ページ目?
        이전( ?기사| ?글)?|다음( ?기사| ?글)?|홈|목록|맨 ?위로|본문 ?바로가기|메뉴.{0,6}
        (上|下)一篇文章:.{0,80}|没有相关(文章|新闻|信息)|本文导航|第\d+页:.{0,30}
        (本文)?共 ?\d+ ?页(,? ?当前第 ?\d+ ?页)?|[\[(]?1[\])]?[\s|/]+[\[(]?2[\])]?([\s|/]+[\[(]?\d{1,3}[\])]?)*
        进入论坛|点击进入专题|(相关)?专题:.{0,40}|top|回到顶部|(filed|posted) (under|in): .{1,80}
        """,
    "comment": r"""
        (我要|我来|发表|查看|网友|最新|热门|全部|参与|写)+(评论|跟帖|跟贴|留言|说两句|讨论|说几句|回复)(区
            |列表)?( ?[(:]?\d+[)]?)?条?
        (评论|跟帖|跟贴|留言)(区|列表|功能.{0,20})?( ?[(:]?\d+[)]?)?条?|我来说两句.{0,12}
        \d+ ?(条|个|次)? ?(评论|跟帖|跟贴|点赞|阅读|浏览|收藏|回复|赞)
        (共有?|已有|共计):? ?\d+ ?(条|人|位|个)?(网友)?(评论|跟帖|参与|留言|发表了?评论).{0,12}
        (阅读|浏览|点击|人气|访问|浏览次数|阅读次数|点击次数|点击数|浏览量|阅读量)(数
            |量)?:? ?\(?\d+[万w+]*\)?( ?次)?
        还没有评论|暂无评论|快来发表.{0,12}|抢沙发|来说两句吧.{0,6}|文明上网.{0,30}|网友评论仅供.{0,60}
        登录后(才能|可)?(评论|留言|发表).{0,10}
        (\d+ )?(comments?|replies|responses)( ?\(?\d+\)?)?
        (view|show|read|see|hide|load|post|leave|add|write) .{0,12}(comments?|reply)( \(?\d+\)?)?
        (join|start|be part of) the (conversation|discussion)
        comments (are|have been) (closed|disabled|turned off).{0,30}
        rate (this )?(article|story|page)|((current|average|user|your) ){1,2}ratings?( for)?|.{0,30} (click|tap) to rate
        (what do you think\??|have your say).{0,30}|no comments( yet)?
        (\d+ )?kommentare?( \(?\d+\)?)?|kommentar (schreiben|verfassen|hinterlassen)
        diskutieren sie mit.{0,40}
        (\d+ )?kommentare (anzeigen|lesen|ansehen)|(\d+ )?commentaires?( \(?\d+\)?)?
        (laisser|ajouter|voir|poster|lire|écrire) (un |les |des )?commentaires?|réagir.{0,20}
        (\d+ )?comentarios?( \(?\d+\)?)?|(deja|escribe|ver|añadir) (un |los |tu )?comentarios?
        コメント(を(書く|見る|投稿)|する|欄|一覧|\d+件)?|댓글( ?\d+)?개?( ?(쓰기|보기|달기))?|댓글을.{0,20}
        (看完|读完|您?看到).{0,4}(文章|新闻|此文|本文|报道).{0,8}(感觉|感受|心情|态度).{0,6}
        (新闻|文章)?(表情|心情)(排行|投票|指数).{0,8}|刚表态过的朋友.{0,10}|顶一下|踩一下
        ((鲜花|握手|雷人|路过|鸡蛋|震惊|感动|愤怒|搞笑|新奇|无聊|难过|高兴|同情)( ?\(\d*\))?[\s,、]*){3,}
        赞 ?\(\d*\)|((阅读|评论|点赞|转发|收藏|浏览) ?\(\d*\) ?){1,5}
        用户名:?( ?密码:?)?( ?验证码:?)?|匿名(发表|评论)|(查看|浏览)(所有|全部)评论|發表意見|我要留言
        .{0,12}评论(内容)?(只|仅)(代表|供).{0,40}|请?您?文明(上网|发言).{0,40}|暂无评论.{0,12}
        """,
    "advertisement": r"""
        广告|廣告|推广|赞助商?(内容|链接)?|advertisement|advertising|ads?|sponsored( content| by .{0,30})?
        advertorial|paid content|ads? by google
        (advertisement\W{1,3})?(story|article)? ?(continues|continued) (below|after) ?.{0,30}
        (continue|keep) reading (below|after).{0,30}
        (\d/\d )?continue watching ?after the ad.{0,50}
        scroll (down )?to continue.{0,30}|after (this )?ad|this (ad|advert) .{0,30}
        anzeige|werbung|advertentie|reklame|annonse|annons|reklama|publicité|publicidade|publicidad
        pubblicità|iklan|реклама
        広告|スポンサーリンク|광고|quảng cáo|promoted( content)?|remove ads
        (don't|do not) want to see this\??.{0,20}
        la suite après cette publicité|(lesen sie )?nach der (anzeige|werbung).{0,30}
        """,
    "placeholder": r"""
        (\$\$|\[\[|\{\{|%%)[\w .:-]{2,40}(\$\$|\]\]|\}\}|%%)|\[/?[a-z]+(_[a-z]+)+\]|lorem ipsum.*
        """,
    "end mark": r"""
        [-—_=~*\s]*(the end|全文完|正文完|文章完|正文已结束.{0,40}|本文完|正文结束|to top)[-—_=~*\s]*
        [-—_=~*\s]+end[-—_=~*\s]+|end|[-—_=~*]{2,}\s*(完|终|剧终)\s*[-—_=~*]{2,}
        """,
    "player": r"""
        (视频|音频)?(加载中|播放中|正在播放|播放视频|重播|静音|全屏|收听|听新闻|听全文|语音播报)(\.{2,})?
        (您的|你的|当前)?浏览器(不支持|暂不支持|版本过低|不兼容).{0,50}
        .{0,10}不支持(flash|video|audio|html5|播放).{0,20}
        your browser (does not|doesn't|is) .{0,80}|(please )?enable javascript.{0,40}
        javascript (is|must) .{0,60}
        (play|pause|mute|unmute|fullscreen|watch|listen)( video| audio| again| now| to this article| live)?
        loading\.*
        video player is loading\.?|\d{1,2}:\d\d / \d{1,2}:\d\d
        (we apologi[sz]e, but )?(this|the) (video|content|media|image) (file )?(is not|cannot|could not
            |has failed to|failed to load) .{0,40}
        player wird geladen|(\w+-)?box aufklappen.{0,30}|link zum [\w-]{2,20}-inhalt|embed
        video|bild|foto|image|photo|vidéo|bildergalerie|fotos?|動画|写真|画像|영상|사진
        (view|open|show|enlarge|expand) (image|gallery|photos?|fullscreen)( in (gallery|fullscreen))?
        (click|tap) to (play|enlarge|expand|zoom|view).{0,20}
        (点击|单击)(图片)?可?(放大|查看大图|看大图|浏览大图|播放|图片进入下一页|查看源网页)
        (bild|bilder|image|photo|photos|slide|picture|foto|imagen?) ?\d+ ?(von|of|sur|/|de|di) ?/? ?\d+
        ((show|hide|view|toggle|open) )?captions?|back to (the )?(gallery|video|photos)
        replay|autoplay|(show|hide) thumbnails|((first|last|next|previous) (slide|image)[\s|/]*){1,4}
        try refreshing your browser.{0,10}|tap here to see other videos.{0,40}
        视频截图|图片来源网络|图源网络|图片来自网络|网络图片|网络配图|配图来自网络
        (视频|音频)加载中.{0,8}|(播放|收听)(音频|视频|全文)|全文听读
        """,
    "consent": r"""
        empfohlener (redaktioneller|externer) inhalt.{0,60}
        an dieser stelle (findest du|finden sie|befindet sich) .{0,80}
        (du kannst|sie können) .{0,20}mit einem klick (anzeigen|ein).{0,60}
        .{0,20}-inhalte? (erlauben|anzeigen|laden)
        ich bin damit einverstanden, dass (mir|ihnen) .{0,60}|personenbezogene daten .{0,80}
        externen? inhalte? (anzeigen|laden).{0,20}
        (we|this site|this website) uses? cookies.{0,70}|ce contenu .{0,30}bloqué.{0,40}|accept (all )?cookies
        """,
    "original title": r"""
        (本文)?(原标题|原题|原題|原標題):.{0,80}
        """,
    "copyright": r"""
        (©|\(c\)|copyright|版权所有|版權所有).{0,140}
        .{0,60}(all rights reserved|alle rechte vorbehalten|tous droits réservés
            |todos los derechos reservados|tutti i diritti riservati).{0,20}
        .{0,60}(無断転載|無断複製|무단 ?전재|저작권자).{0,50}
        .{0,40}(icp(备|证|許可|备案)|公网安备|公安备案|网站标识码|新闻信息服务许可证|网络视听许可证).{0,60}
        .{0,14}未经.{0,20}(授权|许可|允许|同意).{0,16}(不得|禁止|严禁|请勿|谢绝)(转载|复制|使用|擅自).{0,40}
        (本文|文章|本稿|图片|本网|本站|如需|如)?.{0,8}(转载|引用|摘编)(请|须|需|务必|时请)?(注明|标明|联系
            |保留|获得授权).{0,50}
        (原创(文章|作品|内容)?|版权(作品|归.{1,20}所有)|独家(稿件|原创)).{0,8}(谢绝|禁止|严禁|未经
            |请勿).{0,40}
        (禁止|谢绝|严禁|请勿)转载.{0,30}
        本文(为|由|系).{2,30}(授权|独家|原创|首发).{0,40}(转载|未经).{0,40}
        (违法(和|与)?不良信息|不良信息)举报.{0,60}|(主办单位|承办单位|技术支持):.{0,60}
        版权归(原)?作者所有|本文(链接|地址|网址):.{0,80}
        """,
    "disclaimer": r"""
        (免责声明|郑重声明|特别声明|版权声明|免责条款|免责说明):.{0,90}
        (以上|本文|文章)(内容|观点|言论)?(仅|只)(代表|为|属|系)(作者|个人).{0,12}(观点|看法|意见|立场).{0,60}
        (本文|文章|以上)(内容)?(仅供参考|不构成.{0,20}建议).{0,40}
        (本文|文章|图片|内容|图文|部分图片)(素材)?(来源|源自|来自)于?(互联)?网络?.{0,8}(,|;|如).{0,50}
        (如|若)(有|涉及|存在).{0,14}(侵权|版权|异议).{0,10}(请|,).{0,50}
        .{0,30}(侵权|版权问题).{0,10}(联系|告知|通知).{0,16}(删除|处理|我们).{0,20}
        本文(系|为)?(转载|轉載),?版权归.{0,70}|投资者?据此操作.{0,12}|图片来源于网络
        .{0,6}提醒您?:.{0,30}有(礙|害)健康|本文(授權|轉載)自.{0,40}
        """,
    "related list": r"""
        (相关|延伸|推荐|拓展|扩展|相關|推薦)(新闻|阅读|链接|报道|推荐|文章|稿件|专题|信息|资讯|内容|视频
            |图片|搜索|新聞|閱讀|報導|标签|標籤)(:.{0,60})?
        (read|watch|listen)( more| also| next| now)?: .{3,80}
        (see also|see more|related|more|also read|read also): .{3,80}
        also read|read also|see also|related|must read|don't miss
        related (articles?|stor(y|ies)|readings?|news|videos?|links|content|coverage|topics)|recommended
        ([^?]{2,20}\? )?you (may|might) (also (like|enjoy|be interested).{0,40}|(like|be interested).{0,20})
        read more|what to read next|most (read|popular|viewed)|trending( now)?
        editor'?s'? picks?|top stories|latest (news|stories)|top picks|popular (posts|articles|stories|now)
        recent (posts|articles)
        up next|keep reading|continue reading|view (all|more)|see (all|more)
        (lesen sie|lies|lest) (auch|hier|mehr|dazu|außerdem|ausserdem|jetzt|weiter)(:.{0,80}
            | .{0,30}:.{0,80})?
        mehr (zum thema|dazu|lesen|erfahren)( ?:.{0,80})?|auch interessant( ?:.{0,80})?
        das könnte (sie|dich) .{0,24}
        weitere (artikel|themen|nachrichten|news|meldungen)|zum thema|passend dazu( ?:.{0,80})?
        siehe auch( ?:.{0,80})?
        empfehlungen der redaktion|verwandte (themen|artikel)|meistgelesen|meist gelesen
        weiterlesen( ?:.{0,80})?|zum artikel
        (lire (aussi|également|la suite|plus)|à lire (aussi|également|ensuite)?|voir aussi|à voir aussi
            |en savoir plus)( ?:.{0,80})?
        sur le même (sujet|thème)|articles? (liés?|similaires?|connexes?)|les plus lus
        (lee también|leer también|lea también|te puede interesar|ver también|más (información|noticias)
            |noticias relacionadas)( ?:.{0,80})?
        (te recomendamos|lo más (leído|visto)|leer más|también te puede interesar|sigue leyendo)( ?:.{0,80})?
        (les også|läs också|läs mer|les mer|læs også|leggi anche|leia também|leia mais|veja também|lees ook
            |zobacz też)( ?:.{0,80})?
        (czytaj (też|także|więcej)|přečtěte si( také)?|čtěte také|baca juga|читайте также|читайте також
            |xem thêm|ilgili haberler)( ?:.{0,80})?
        関連(記事|ニュース|リンク|キーワード|トピックス|タグ)|あわせて読みたい|おすすめ(記事|の記事)?
        合わせて読みたい|人気記事
        【(関連|合わせて読みたい|あわせて読みたい|写真|画像|動画)[^】]{0,6}】.{0,60}|(アクセス)?ランキング
        最新記事|注目記事
        관련 ?(기사|뉴스|링크|태그)|추천 ?(기사|뉴스)|인기 ?(기사|뉴스)|많이 ?본 ?(기사|뉴스)
        최신 ?(기사|뉴스)|핫클릭|주요 ?뉴스
        (관련 ?(기사|뉴스)|추천 ?기사|함께 ?보기)[\]>】:] ?.{2,80}
        .{2,80}\[(详细|查看详细|查看全文|详情)\]
        更多(相关)?(新聞|报道|報導|相關.{0,4})|(你|您)可能也喜歡.{0,6}|(你|您)可能对.{0,8}感兴趣
        """,
}

_TAILS = {
    "related list": r"""
        (相关|延伸|推荐|拓展|扩展|其他|其它|往期|相關|推薦)(新闻|阅读|报道|推荐|文章|稿件|专题|信息|资讯
            |内容|视频|图片|搜索|回顾|新聞|閱讀|報導)
        (相关|友情)链接
        (新闻|热点|热门|今日|频道|点击|周|月|阅读|编辑|合作)(推荐|热点|排行榜?|精选|头条|热图|热词|榜)
        (热点|热门)(新闻|评论|专题|标签|文章)|最新(推荐|评论|新闻|文章|资讯|发布)|图片(新闻|推荐)
        精彩(图片|推荐|评论|专题|视频)
        猜你喜欢|猜你感兴趣|(你|您)可能(还)?(喜欢|感兴趣).{0,6}|大家(都|还|正)?在?(看|搜|喜欢).{0,4}
        栏目(更新|热门|推荐)|本类排行
        (为|给)(您|你)推荐|推荐给(您|你)|推荐您看|24小时(热文|热榜|热闻|热点|排行)|热文排行|一周热点
        看过(本文|此文).{0,10}|热搜榜?
        论坛热帖|精华推荐|今日热播
        (related|more) (articles?|stories|news|posts|content|topics|coverage|links|reading|videos?)|related
        see also
        you (may|might) (also )?(like|be interested in|enjoy).{0,10}
        recommended( for you| stories| articles| reading)?
        more (from|in|like) .{2,40}|(most|more) (read|popular|viewed|shared)|trending( now| stories)?
        around the web|from the web
        (top|latest|popular|recent|featured) (stories|news|posts|articles|headlines)|editor'?s'? picks?
        what to read next|read next
        sponsored (content|links|stories)|promoted (content|stories|links)|about the authors?
        mehr zum thema|auch interessant|das könnte (sie|dich) (auch )?interessieren
        weitere (artikel|themen|nachrichten|meldungen)
        verwandte (themen|artikel)|meistgelesen(e artikel)?|meist gelesen
        empfehlungen( der redaktion| für sie)?|zur startseite
        les également|les també|les også|sur le même (sujet|thème)|à lire (aussi|également|ensuite)
        lire aussi|voir aussi
        articles? (liés|similaires|connexes|recommandés)|les plus lus
        (también )?te puede interesar|noticias relacionadas|lo más (leído|visto)|te recomendamos
        más noticias|artículos relacionados
        関連(記事|ニュース|リンク|キーワード|トピックス)|あわせて読みたい|おすすめ(記事|の記事)?|人気記事
        (アクセス|記事)?ランキング|最新記事
        注目(記事|ニュース)|この記事に関するニュース|編集部のおすすめ
        관련 ?(기사|뉴스)|추천 ?(기사|뉴스)|인기 ?(기사|뉴스)|많이 ?본 ?(기사|뉴스)|최신 ?(기사|뉴스)|핫클릭
        이 시각 .{0,10}뉴스|주요 ?뉴스
        lees ook|leggi anche|leia também|veja também|čtěte také|související|читайте также|читайте також
        baca juga|tin liên quan
        (特别|随机)推荐|本栏目(热门|最新|推荐)(文章|新闻)?|相关热词(搜索)?(:.{0,60})?
        (你|您)可能对.{0,8}感兴趣|(你|您)可能也喜歡|更多新聞|熱門新聞|最新新聞
        """,
    "tags": r"""
        tags|schlagw(ö|o)rter|stichw(ö|o)rter|mots-clés|etiquetas|标签|標籤
        tags:.{0,80}
        """,
    "comments": r"""
        (网友|最新|热门|全部|精彩|发表|我要|用户|我来)(评论|留言|点评|跟帖|说两句)(区|列表)?
            ( ?[(:]?\d+[)]?)?条?
        评论(区|列表)
        (网友|发表)看法|(网友评论仅供|文明上网).{0,60}|join the (conversation|discussion)
        (leave|post|add|write|submit) (a|your) (reply|comment|opinion).{0,30}|(leser|nutzer)(meinungen|reaktionen)
        (\d+ ?)?((all|latest|recent|top|best|your|reader|visitor|user)('?s'?)? ){0,2}(comments|responses|replies)
            ( \(?\d+\)?)?|(reader|visitor|user)('?s'?)? (comments|opinions|reactions)( \([^()]{0,30}\))?
        (\d+ )?(neueste |alle |ihre )?(leser|nutzer|user)?-?kommentare( \(?\d+\)?)?|diskutieren sie mit.{0,30}
        (\d+ )?(vos |les |derniers )?commentaires?|vos réactions|(\d+ )?(últimos )?comentarios?|(\d+ )?comentários?
        (deixe|escreva) (o seu|seu|um) comentário|deja (un comentario|una respuesta)|lascia un commento
        comentar|normas de (uso|participación|los comentarios)( y aviso legal)?
        コメント(一覧|欄)?|댓글( ?\d+)?|diskuse
        """,
    "navigation": r"""
        (上|下)一(篇|条|则|组图?|图集)(:.{0,80}|稿件|新闻|文章)?
        (关于我们|联系我们|网站地图|广告服务|法律顾问|本站简介|网站简介|意见反馈|友情链接|隐私政策|[\s|/·.-])+
        """,
    "copyright": r"""
        (版权(声明|与免责声明|说明)|免责(声明|条款|说明)|郑重声明|特别声明|法律声明|版权和免责声明):?
        (©|\(c\) ?\d|copyright|版权所有|版權所有).{0,140}
        .{0,40}(icp(备|证)|公网安备|互联网新闻信息服务许可证).{0,80}
        """,
}

# Notices are sentences or whole paragraphs, told by how they begin.
_NOTICES = {
    "comment": r"""
        (\w{1,12}[:!] ?)?(os |los |les )?(comentários|comentarios|commentaires) .{0,160}(não serão (aprovados|publicados)
            |no serán (aprobados|publicados)|são moderados|son moderados|sont modérés|são de (inteira )?responsabilidade
            |son responsabilidad de).{0,200}
        (your |all )?(comment|opinion)s? (will be|are|may be) (moderated|reviewed|held for moderation).{0,120}
        we reserve the right to (remove|delete|edit|moderate) .{0,400}
        (ihr |dein )?kommentare? (wird|werden) .{0,80}(freigeschaltet|freigegeben|moderiert).{0,80}
        """,
    "copyright": r"""
        [①②③④\d.、()一二三四\s·]*(凡|所有)(是|在)?(本网|本站|本报|本刊|注明|转载).{0,40}(来源|稿件|作品|转载
            |版权).*
        (本稿件|本网站?|本平台|本站|本报|本公众号|本网\(平台\))(所|上的|全部|上)?(含|有|刊载|刊登|发布|转载
            |登载).{0,30}(文字|图片|内容|稿件|作品|信息|知识产权).{0,200}(版权|授权|转载|责任|立场|观点
            |删除).*
        (已经|凡经|获得?)本(网|站|报|刊|社).{0,6}(授权|许可).{0,10}(使用|转载|作品).*|违反上述声明.*
        鉴于本(网|站|报).{0,12}(发布|稿件).*
        (copyright|©|\(c\)) ?(©|\(c\))? ?(19|20)\d\d\b.{0,400}|not to be (reproduced|republished) without .{0,90}
        this (material|article|content) (may not be|is copyright|was (first|originally) published).{0,240}
        """,
    "promotion": r"follow ((us|me|her|him) on (facebook|twitter|instagram)|([^.?!]{2,30} )?@\w{2,30})\b.{0,300}",
    "subscription": r"""
        this newsletter (may|might) contain .*|by (clicking|submitting|subscribing|signing|registering|providing
            |entering) .{0,120}you .{0,40}(agree|accept|consent|acknowledge)
            .{0,90}(terms|privacy|conditions|policy|policies|e-?mails?|marketing).*
        """,
    "consent": r"""
        (an dieser stelle (findest du|finden sie|befindet sich)|ich bin damit einverstanden, dass (mir
            |ihnen)) .*
        personenbezogene daten (können|werden) .{0,40}(dritt|übermittelt).*
        """,
    "disclaimer": r"""
        (版权|免责|郑重|特别|法律|本网|本站)(与免责|及免责)?声明[:\s].*
        (以上|本文|文章|该文)(内容|观点)?.{0,12}(不代表|仅代表|只代表).{0,14}(观点|立场|看法|意见).*
        (平台|网站|作者)?声明:.{0,12}(以上|本文|文章|内容|转载|登载|该).*
        (投资有风险|股市有风险|市场有风险|理财有风险).{0,8}(入市|投资|选择|须|需|请).{0,30}
        """,
}


_CONTINUED = re.compile(r"\n {9,}(?=\S)")


def _compile(table: dict[str, str], start: str = "", end: str = "") -> list[tuple[str, re.Pattern[str]]]:
    """Compile one alternation a kind: trying a dozen patterns costs less than trying two hundred."""
    folded = {kind: _CONTINUED.sub("", lines).split("\n") for kind, lines in table.items()}
    return [
        (kind, re.compile(f"{start}(?:{'|'.join(filter(None, map(str.strip, lines)))}){end}"))
        for kind, lines in folded.items()
    ]


_WORD = re.compile(r"\w")
_NAVIGATION_MARKS = re.compile(r"[|<>«»‹›]{1,3}")
_LINE_PATTERNS = _compile(_LINES, _START, _END)
_TAIL_PATTERNS = _compile(_TAILS, _START, _END)
_NOTICE_PATTERNS = _compile(_NOTICES)
_COMMENTS_BEGIN = dict(_TAIL_PATTERNS)["comments"]


def _match(text: str, patterns: list[tuple[str, re.Pattern[str]]]) -> str | None:
    """Return the kind of the first pattern that the whole line matches."""
    if len(text) > _MAX_NOTICE:
        return None
    line = fold(text)
    if not _WORD.search(line):
        return "phrase: navigation" if _NAVIGATION_MARKS.fullmatch(line) else None
    tables = (patterns, _NOTICE_PATTERNS) if len(line) <= _MAX_LINE else (_NOTICE_PATTERNS,)
    for table in tables:
        for kind, pattern in table:
            if pattern.fullmatch(line):
                return f"phrase: {kind}"
    return None


@lru_cache(maxsize=8192)
def phrase_reason(text: str) -> str | None:
    """Return why a line is boilerplate wherever it stands (`phrase: share`), or None for any other line."""
    return _match(text, _LINE_PATTERNS)


@lru_cache(maxsize=8192)
def heads_comments(text: str) -> bool:
    """Tell whether a line is what stands above the comments of readers, and is no heading of a part of an article."""
    line = fold(text[: _MAX_LINE + 1])
    return line.strip(" :") not in ("responses", "replies") and _COMMENTS_BEGIN.fullmatch(line) is not None


@lru_cache(maxsize=8192)
def tail_reason(text: str) -> str | None:
    """Return why the page is no article text from this line to its end (`phrase: related list`), or None.

    A page may have a related list in the middle of its article: whoever cuts should look at what follows.
    """
    return _match(text, _TAIL_PATTERNS)
