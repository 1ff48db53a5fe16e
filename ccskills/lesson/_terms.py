"""The terms of the glossary, made from courses/glossary.yml by `academy courses build`."""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass

from .._text import Text

__all__ = ["TERMS", "Term"]


@dataclass(frozen=True)
class Term:
    """A term and its meaning in both languages."""

    term: Text
    meaning: Text


_ROWS = """\
abandonment rate	放弃率	contacts that hang up in the queue ÷ contacts offered	排队中挂断的联络量÷来电量
adherence	排班遵从度	share of scheduled time in which a person was in the scheduled state	计划时间里，处于计划状态的时间所占比例
after-call work	话后处理	what is left to do when the customer has gone	客户挂断以后还要做完的事
agent	座席	who handles contacts	直接处理联络的人
agent-hour	人时	one person's work for one hour	一个人工作一小时
appeal (of a score)	评分申诉	asking that a mark be looked at again by the published rule	按公布的规则，请求复核一次评分
appraisal	考核	judging a person's work over a period	评判一个人一段时期的工作
assessor	质检员	who marks contacts by a form	按评分表给联络打分的人
attrition	流失	people who leave, in a period, as a share of the average head count	一段时期内离开的人数占平均人数的比例
audit	审核	checking against a requirement, with evidence	对照要求、凭证据核查
average handle time (AHT)	平均处理时长（AHT）	(talk + hold + after-call work) ÷ contacts handled	（通话＋保持＋话后处理）÷处理量
average speed of answer (ASA)	平均应答速度（ASA）	sum of waits of the answered ÷ answered; who hangs up is not in it	接起的联络等待时间之和÷接起量；放弃的不算在内
back office	后台业务	work with a deadline instead of a waiting customer	有期限、没有客户在线等候的工作
baseline	基线	the value of a measure before anything was changed	改动之前这个指标的水平
benchmark	标杆	somebody else's value on the same definition, to compare with	口径相同的别家数值，用来对照
bias	偏差	sum of (forecast − actual) ÷ sum of actual	（预测－实际）之和÷实际之和
business case	商业论证	cost and benefit of an investment over its periods	一项投资在各期的成本和收益
calibration	校准	several raters mark the same contacts and settle their differences	几位评分人给同样的联络打分，再把分歧谈拢
call sharing	录音分享	a team listens to a call together and says what made it good or bad	班组一起听一段录音，说出好在哪里、差在哪里
calls offered	来电量	calls that come in an interval, answered or not	一个时段里进来的电话，接没接起都算
capacity	产能	work that people can get done in a period	一段时间里人手能完成的工作量
capacity plan	产能规划	head count by month with leavers, hires, training and ramp-up	按月的人数计划，含离职、招聘、培训和成长期
cause-effect diagram	因果图	possible causes sorted by kind, to be tested and not believed	把可能的原因分门别类画出来，拿去验证，不当结论
central tendency	趋中倾向	an appraiser's habit of giving everybody the middle	考核人把谁都打在中间的毛病
change control	变更管理	a definition or rule is changed by an owner, on a day, with the effect told	口径或规则由负责人改，写明日期和影响
coaching	辅导	helping a person change one thing at a time	帮助一个人一次改变一件事
complaint	投诉	a customer says that something was wrong	客户说出了不满
concurrency	并发数	chats that one agent serves at a time	一名座席同时服务的会话数
confidence interval	置信区间	range in which the true value lies in so many of a hundred such samples	同样抽样一百次，有约定的那么多次真值落在其中的范围
conformance	工时符合度	hours worked ÷ hours scheduled, whenever they were worked	实际工时÷排班工时，不论什么时候干的
connection rate	接通率	contacts answered ÷ contacts offered to agents	接起量÷转到座席的来电量
contact reason	联络原因	why customers turn to the centre	客户为什么来找中心
contingency budget	应急预算	money set aside for surges and outages; how often it may be overdrawn is decided beforehand	为突发高峰和故障预留的钱；多久允许超支一次，事先定好
control chart	控制图	values in order of time with limits that chance alone seldom passes	按时间排列的数值，加上单凭偶然很少越过的界限
cost of poor quality	不良质量成本	what errors cost: redress, repeat contacts, rework, customers lost	差错带来的花费：赔付、重复来电、返工和流失的客户
cost per contact	单次联络成本	cost of a period ÷ contacts handled	一段时期的成本÷处理量
cost per resolution	单次解决成本	cost per contact × contacts per solved issue	单次联络成本×解决一个问题所需的联络次数
critical error	致命错误	an error that makes the whole contact wrong: for the customer, the business or compliance	让整通联络作废的错误：对客户、对业务或对合规
customer effort score (CES)	客户费力度（CES）	mean or share of answers on a scale of ease; its direction must be said	省力程度量表的均值或占比，须说明分高是好还是坏
customer satisfaction (CSAT)	客户满意度（CSAT）	share of answers in the top boxes	选最高几档的答卷所占比例
dashboard	看板	a page of few measures that somebody looks at in order to act	少数几个指标放在一页上，有人看、看了会动手
demand review	需求评审	the departments that cause contacts tell what they plan, before the forecast is set	预测定稿以前，引来联络量的各部门一起说明自己的计划
DEMOI	DEMOI	the five groups of clauses by which the seeds are sorted	给各条款分组的五个板块
downstream customer	下游客户	who uses the service	使用服务的人
driver (of a missed interval)	主因	of volume, handle time and staff, the one that moved service most	来电量、处理时长、在线人数三者中，对这个时段影响最大的一个
driver of satisfaction	驱动因素	what moves satisfaction, weighed beside all others	和其他因素一起权衡后，真正左右满意度的因素
emergency	应急	what is prepared for the worst	为最坏的情形所做的准备
erlang	爱尔兰（Erlang）	unit of load: one agent busy for a whole interval; calls × AHT ÷ interval	话务量的单位：一名座席整个时段都在忙；来电量×平均处理时长÷时段长度
escalation	升级	handing a contact to somebody who may decide more	交给有更大权限的人
evaluation form	评分表	the items on which a contact is marked, with their points and classes	给联络打分的项目，带分值和类别
event notice	活动报备	a department tells planning in time of what will bring contacts	业务部门把会引来联络量的事提前告知排班一方
first contact resolution	首次解决率	share of contacts after which nobody has to ask again	一次联络之后谁也不必再来问的比例
five whys	五个为什么	asking why of each answer until something can be changed	对每个回答再问为什么，直到问出能改的东西
forecast	预测	volume and handle time that are expected	预计的业务量和处理时长
funnel plot	漏斗图	rates against their number of cases, with limits that narrow as cases grow	把比率和个案数画在一起，个案越多界限越窄
gate	否决项	a measure that caps the total when it is missed	不达标就给总分封顶的指标
granularity	时间粒度	the length of the period that a forecast is made for: month, day, interval	预测按多长的时间给数：月、日或时段
halo effect	晕轮效应	one trait colours every mark of a person	一个突出的印象盖过对这个人的所有评分
handle time distribution	处理时长分布	how single handle times scatter around their mean	每通处理时长围绕均值怎样分布
histogram	直方图	how many values fall into each range	各区间里有多少个值
hold rate	保持率	contacts put on hold ÷ contacts handled	用过保持的联络÷处理量
home-based agent	居家座席	an agent who works from home	在家里接线的座席
horizon	预测提前期	how far ahead of the day a forecast is made	预测比当天提前多久做出
in-process control	事中控制	what keeps an error from happening while the contact runs	联络进行当中防止出错的办法
incident	突发事件	something happens that no plan holds	计划里没有的事情发生了
interval	时段	the unit of planning, half an hour here	做计划的时间单位，这里是半小时
intraday	当日	within the day that is running	正在进行的这一天之内
kappa	Kappa系数	agreement of raters beyond chance	评分人之间超出偶然的一致程度
knowledge base	知识库	what agents look up	座席查答案的地方
KPI	KPI	a measure with a target	有目标值的指标
learning curve	学习曲线	handle time or quality by months in the post	处理时长或质量随上岗月数的变化
leniency	宽大倾向	an appraiser's habit of giving everybody too much	考核人对谁都打高分的毛病
lifecycle	生命周期	from the first contact of a customer to the last	从客户第一次联络到最后一次
lifetime value	客户终身价值	margin of a customer over the time that he stays, in today's money	客户留存期间带来的毛利，折成今天的钱
load	话务量（爱尔兰）	calls offered × AHT ÷ length of the interval, in erlangs	来电量×平均处理时长÷时段长度，单位是爱尔兰
maturity	成熟度	how far a process is from chance	一个流程离“碰运气”有多远
mean deviation	平均偏差	mean of an assessor's marks minus the reference, sign kept	质检员打分减标准分的平均，保留正负号
metric dictionary	指标字典	every measure with its formula and source	每个指标的公式和来源
minimum cover	最低在岗人数	fewest people who must stay on the phones, whoever asks for leave	不管谁请假，线上至少要留的人数
mix	构成	which share each kind of work or people has in a total	总量里各类业务或各类人员所占的份额
net present value (NPV)	净现值	later money in today's money	以后的钱折成今天的钱
net promoter score (NPS)	净推荐值（NPS）	share of 9 and 10 less share of 0 to 6, in points	9、10分的占比减去0至6分的占比，单位是分
occupancy	占用率	handling time ÷ (handling + available time)	处理时间÷（处理时间＋待机时间）
off-phone work	下线工作	paid work away from the phones: meetings, training, coaching	不在线上的带薪工作：开会、培训、辅导
one-to-one	一对一面谈	a talk of leader and agent, with evidence, cause, action and date	班组长与座席的单独谈话，有依据、有原因、有行动、有日期
outbound	外呼	the centre calls the customer	中心打给客户
outsourced work	外包	another company does it	交给另一家公司做
overflow	溢出	contacts that go to another queue when the own one is full	本队列满了，转到别的队列的联络
overtime	加班	paid time beyond the plan	超出计划的付薪时间
part-timer	小时工	works fewer hours than a full week, by contract	按合同每周工时少于全日制的人
patience	耐心	mean time that customers are ready to wait	客户平均愿意等多久
payback period	回收期	time until an investment has paid for itself	一项投资收回本钱要多久
personal information	个人信息	information about a person who is known or can be found out	关于已识别或可识别的自然人的信息
playbook	应急手册	which lever is pulled first when an interval goes wrong, by whom, and how it is taken back	时段出问题时先做什么、谁来做、怎样收回
pooling	队列合并	one larger queue in the place of several small ones	把几条小队列合成一条大队列
post-shift meeting	班后会	what the shift learnt	这一班学到了什么
pre-shift meeting	班前会	what the shift has to know	这一班必须知道什么
precision	精确率	of all that were flagged, the share that is right	被标出来的当中，标对的占多少
process capability	过程能力	how wide the limits asked for are beside what the process scatters	要求的界限有多宽，与流程自身的波动相比
ramp-up	成长期	months until newcomers deliver in full	新人达到完全产能所需的月数
recall	召回率	of all that should be flagged, the share that was	该标出来的当中，标出了多少
recency effect	近因效应	the last weeks count for the whole period	拿最近几周的印象代替整个考核期
recruiting accuracy	招聘准确率	share of those hired who stay and do well	招来的人里，留下来并且干得好的比例
reference mark	标准分	the mark that a calibration agreed on	校准时谈定的分数
regression to the mean	均值回归	after an extreme value the next one lies nearer to the mean, whatever was done	极端值之后，下一次多半会靠近平均，做没做什么都一样
repeat rate	重复来电率	contacts about the same matter within a period ÷ contacts handled	一定时期内为同一件事再来的联络÷处理量
report catalogue	报表目录	every report with its use, owner, readers, check and archive rule	列明每份报表的用途、责任人、阅读对象、核验和存档办法
resolution rate	解决率	contacts solved ÷ contacts handled; who says that it is solved has to be told	已解决的联络÷处理量；由谁认定解决，要说清楚
risk register	风险登记册	risks with owner, likelihood, effect and answer	列明责任人、可能性、影响和对策的风险
routing	路由	which agent gets which contact	哪一通联络派给哪一名座席
run rule	判异准则	a pattern on a control chart that calls for a search	控制图上一种需要去查原因的形态
scorecard	计分卡	measures of a person, a team or a centre side by side	把一个人、一个班组或一个中心的指标并排列出
scoring guide	评分细则	how each item of the form is to be marked, with examples	评分表每一项怎么打分，附例子
script	话术	tried wording for a situation	某种情形下试过的说法
self-assessment	自评	judging oneself against a requirement	自己对照要求打分
service level	服务水平	answered within the target time ÷ offered; four formulas are in use, always say which	目标时间内接起量÷来电量；公式有四种，用哪种必须说明
service recovery	服务补救	making good what went wrong	出错之后的弥补
shift	班次	one working day of one person, with its breaks	一个人的一个工作日，含小休
shrinkage	缩减率	share of paid time in which people are not available; roster = need ÷ (1 − shrinkage)	付薪时间里不能接听的比例；班表人数＝所需人数÷（1－缩减率）
Simpson's paradox	辛普森悖论	every group moves one way and the total the other, because the mix has changed	各组都朝一个方向变，合计却因构成变化而反着变
simulation	模拟	the floor played call by call	把现场一通一通地演一遍
skill	技能	a kind of contact that an agent may take	座席可以接的一类联络
supplier	供应商	who delivers to the centre	给中心供货或供服务的一方
surge	突发高峰	many more contacts than planned, at short notice	联络量突然远超计划
survivorship bias	幸存者偏差	only those who are still there are counted	只统计了还留下来的那些
swap	换班	two people change shifts, when rest, hours and cover allow	两个人互换班次，前提是休息、工时和在岗人数都允许
team	班组	agents with one team leader	由一位班组长带的座席
tenure	工龄	time in the post	在岗多久
ticket	工单	the written trace of a case	一件事的书面记录
time study	工时研究	observed, normal and standard time of the steps of a process	对流程各步测定观察时间、正常时间和标准时间
tolerance	容差	points by which an assessor may differ from the reference	质检员与标准分之间允许相差的分数
tolerated rate	容忍率	the rate of a class of critical error above which the centre acts; it permits no single error	某类致命错误超过它中心就要采取行动的比率；并不等于允许出错
tour	周班	the shifts of one person over a week	一个人一周的班次
transfer rate	转接率	contacts handed on ÷ contacts handled	转给别人的联络÷处理量
two-part shift	两头班	a day's work in two pieces with hours between them	一天分两段上班，中间隔几个小时
upstream customer, client	上游客户	who orders the service	委托服务的一方
utilisation	工时利用率	handling time ÷ paid time	处理时间÷付薪时间
volume	话务量	the work that comes, as contacts	进来的工作，按联络量计
WAPE	WAPE	sum of absolute errors ÷ sum of actual	绝对误差之和÷实际之和
waterfall chart	瀑布图	from one total to another, step by step	从一个总数到另一个总数，一步步画出来
senior agent	资深座席	level 1	第1级
team leader	班组长	level 2	第2级
supervisor	主管	level 3	第3级
manager	经理	level 4	第4级
general manager	总经理	level 5	第5级
access code	入场码	opens a seat, beside its number	和考位号一起打开考位
blueprint	命题蓝图	how many items of each domain and cognitive level a form holds	一份试卷里各领域、各认知层次各有多少题
candidate	考生	who sits an exam	参加考试的人
certificate	证书	signed by the issuer, with an end date	由颁发方签名，有截止日期
cut score	合格线	points that are needed to pass	及格所需的分数
decision	评定	pass, fail or absent; proposed by one person, confirmed by another	通过、未通过或缺考；一人提出，另一人确认
decision consistency	评定一致性	share of people who would get the same result at a second sitting	换一场考试也得同样结果的人所占比例
demonstration	演示	an exam that shows the engine and certifies nobody	只展示系统、不给任何人发证的考试
discrimination	区分度	correlation of an item with the rest of its form	一题与试卷其余部分的相关
distractor	干扰项	a wrong option that a real mistake leads to	由真实的错误引出的错误选项
exam office	考务	who schedules, closes, decides, issues	排考、收卷、评定、发证的人
extra time	延时	minutes given to a seat, with a reason	给某个考位加的分钟数，须有理由
facility	得分率	share of its points that an item earns	一题的得分占满分的比例
feedback	反馈	marks and comments for the learner	给学员的分数和评语
form	试卷	a fixed set of drawn items, with proof that it fits the blueprint	一组固定的试题，附符合命题蓝图的证明
framework	能力框架	levels, domains and statements	等级、领域和能力条目
hand in	交卷	end an exam, by the candidate or by the clock	结束考试，由考生或由计时结束
invigilator	监考人员	who watches over the room	看管考场的人
item	试题	one question of the bank with its key and history	题库里的一道题，连同答案和经历
judge	评委	a member of a panel	评审组的成员
lesson	课程	one notebook with exercises, in both languages	一份带练习的笔记本，中英文各一份
mark	评分	points for one answer, with who gave them	一个答案得几分、由谁给出
panel	评审组	judges who set a cut together	一起确定合格线的几位评委
practical	实操	a notebook with the seat's own data	用考位自己的数据做的笔记本
practice	练习	learning without marks that count	不计成绩的学习
question bank	题库	framework, scheme and items	能力框架、考试方案和试题
receipt	回执	proves what was handed in	证明交了什么
registry	登记簿	every fact with who, when and the hash of the one before	每件事由谁、何时所做，并带前一条的哈希值
reliability	信度	how far another form would rank the same people alike; alpha, KR-20	换一份试卷，排出来的名次有多一致；alpha、KR-20
rubric	评分标准	what earns which points in a written answer	书面答案怎样得分
sample	样本	a result or certificate that certifies nobody	不给任何人发证的成绩或证书
sandbox	沙箱	where a candidate's code runs	考生的代码在这里运行
seat	考位	one candidate in one sitting	一位考生在一场考试里的位置
sitting	考试场次	one exam at one level in one window	一个等级在一个时间窗里的一场考试
standard error of measurement	测量标准误	how far a score lies from the true one by luck: spread × √(1 - reliability)	分数因运气偏离真实水平多远：离散程度×√（1－信度）
statement	能力条目	one thing that a person of a level can do	某一等级的人会做的一件事
trainee	学员	who learns	来学习的人
trainer	培训师	who writes lessons and items and marks	写课程、写试题、评分的人
"""

TERMS = tuple(Term(Text(*row.split("\t")[:2]), Text(*row.split("\t")[2:])) for row in _ROWS.strip().split("\n"))
"""Every term, section by section."""
