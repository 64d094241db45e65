//! The vendor's vocabulary: industries, modules, regions, people and the names of companies. All invented.

use super::chance::Chance;

pub struct Industry {
    pub name: &'static str,
    /// Expected yearly growth.
    pub outlook: f64,
    pub policy_support: bool,
    /// What a company of it calls itself.
    pub chinese: &'static str,
    pub latin: &'static str,
    /// Yearly revenue for each employee, in thousands.
    pub revenue_per_head: f64,
    pub weight: f64,
}

const fn industry(
    name: &'static str,
    outlook: f64,
    policy_support: bool,
    chinese: &'static str,
    latin: &'static str,
    revenue_per_head: f64,
    weight: f64,
) -> Industry {
    Industry { name, outlook, policy_support, chinese, latin, revenue_per_head, weight }
}

pub const INDUSTRIES: [Industry; 12] = [
    industry("machinery", 0.06, false, "机械", "Machinery", 720.0, 1.6),
    industry("electronics", 0.12, true, "电子", "Electronics", 880.0, 1.5),
    industry("automotive_parts", 0.04, false, "汽车零部件", "Auto Parts", 810.0, 1.2),
    industry("food_and_beverage", 0.05, false, "食品", "Foods", 640.0, 1.1),
    industry("pharmaceuticals", 0.10, true, "医药", "Pharma", 950.0, 0.8),
    industry("chemicals", 0.02, false, "化工", "Chemical", 1150.0, 0.9),
    industry("construction", -0.03, false, "建设", "Construction", 600.0, 0.8),
    industry("retail", 0.03, false, "商贸", "Trading", 780.0, 1.3),
    industry("logistics", 0.07, false, "物流", "Logistics", 520.0, 0.9),
    industry("new_energy", 0.18, true, "新能源", "New Energy", 1300.0, 0.7),
    industry("professional_services", 0.05, false, "咨询", "Consulting", 430.0, 0.8),
    industry("textiles", -0.02, false, "纺织", "Textile", 380.0, 0.7),
];

pub struct Module {
    pub name: &'static str,
    pub category: &'static str,
    pub is_core: bool,
    /// Yuan a year for a customer of ordinary size.
    pub list_price: i64,
    /// How many of the licensed users work in it.
    pub reach: f64,
    /// Transactions of an active user in a week.
    pub transactions: f64,
    /// How common it is at a middling customer, core ones aside.
    pub popularity: f64,
}

const fn module(
    name: &'static str,
    category: &'static str,
    is_core: bool,
    list_price: i64,
    reach: f64,
    transactions: f64,
    popularity: f64,
) -> Module {
    Module { name, category, is_core, list_price, reach, transactions, popularity }
}

pub const CORE_MODULES: usize = 5;
pub const MODULES: [Module; 16] = [
    module("finance", "finance", true, 18_000, 0.25, 40.0, 1.0),
    module("sales", "supply_chain", true, 15_000, 0.30, 25.0, 1.0),
    module("purchasing", "supply_chain", true, 12_000, 0.18, 20.0, 1.0),
    module("inventory", "supply_chain", true, 15_000, 0.28, 45.0, 1.0),
    module("human_resources", "people", true, 9_000, 0.35, 3.0, 1.0),
    module("manufacturing", "production", false, 32_000, 0.35, 30.0, 0.55),
    module("warehouse", "supply_chain", false, 22_000, 0.20, 60.0, 0.50),
    module("quality", "production", false, 14_000, 0.12, 10.0, 0.40),
    module("projects", "services", false, 16_000, 0.15, 6.0, 0.35),
    module("assets", "finance", false, 8_000, 0.06, 4.0, 0.55),
    module("budgeting", "finance", false, 12_000, 0.06, 3.0, 0.40),
    module("treasury", "finance", false, 20_000, 0.04, 8.0, 0.25),
    module("payroll", "people", false, 10_000, 0.05, 6.0, 0.55),
    module("crm", "sales", false, 14_000, 0.18, 12.0, 0.45),
    module("analytics", "insight", false, 18_000, 0.12, 5.0, 0.50),
    module("e_commerce", "sales", false, 24_000, 0.08, 50.0, 0.25),
];

pub const REGIONS: [&str; 8] =
    ["east", "south", "north", "central", "southwest", "northeast", "northwest", "overseas"];
pub const REGION_WEIGHTS: [f64; 8] = [3.0, 2.4, 1.8, 1.2, 1.0, 0.6, 0.5, 0.3];
const CITIES: [&[(&str, &str)]; 8] = [
    &[("上海", "Shanghai"), ("苏州", "Suzhou"), ("杭州", "Hangzhou"), ("宁波", "Ningbo"), ("无锡", "Wuxi")],
    &[("深圳", "Shenzhen"), ("广州", "Guangzhou"), ("东莞", "Dongguan"), ("厦门", "Xiamen")],
    &[("北京", "Beijing"), ("天津", "Tianjin"), ("青岛", "Qingdao"), ("济南", "Jinan")],
    &[("武汉", "Wuhan"), ("长沙", "Changsha"), ("郑州", "Zhengzhou")],
    &[("成都", "Chengdu"), ("重庆", "Chongqing"), ("昆明", "Kunming")],
    &[("沈阳", "Shenyang"), ("大连", "Dalian"), ("长春", "Changchun")],
    &[("西安", "Xi'an"), ("兰州", "Lanzhou"), ("乌鲁木齐", "Urumqi")],
    &[("新加坡", "Singapore"), ("槟城", "Penang"), ("曼谷", "Bangkok")],
];
const SYLLABLES: [(&str, &str); 28] = [
    ("恒", "Heng"),
    ("泰", "Tai"),
    ("瑞", "Rui"),
    ("华", "Hua"),
    ("盛", "Sheng"),
    ("宏", "Hong"),
    ("信", "Xin"),
    ("达", "Da"),
    ("远", "Yuan"),
    ("嘉", "Jia"),
    ("博", "Bo"),
    ("润", "Run"),
    ("德", "De"),
    ("安", "An"),
    ("明", "Ming"),
    ("隆", "Long"),
    ("康", "Kang"),
    ("铭", "Ming"),
    ("科", "Ke"),
    ("诚", "Cheng"),
    ("金", "Jin"),
    ("海", "Hai"),
    ("天", "Tian"),
    ("凯", "Kai"),
    ("益", "Yi"),
    ("新", "Xin"),
    ("东", "Dong"),
    ("力", "Li"),
];
const OWNERS: [&str; 24] = [
    "王敏 Wang Min",
    "李雯 Li Wen",
    "张伟 Zhang Wei",
    "刘洋 Liu Yang",
    "陈静 Chen Jing",
    "杨帆 Yang Fan",
    "赵磊 Zhao Lei",
    "黄蓉 Huang Rong",
    "周杰 Zhou Jie",
    "吴昊 Wu Hao",
    "徐丽 Xu Li",
    "孙浩 Sun Hao",
    "胡军 Hu Jun",
    "朱琳 Zhu Lin",
    "高峰 Gao Feng",
    "林涛 Lin Tao",
    "何欣 He Xin",
    "郭强 Guo Qiang",
    "马超 Ma Chao",
    "罗颖 Luo Ying",
    "梁栋 Liang Dong",
    "宋佳 Song Jia",
    "郑凯 Zheng Kai",
    "谢婷 Xie Ting",
];
pub const OWNERS_PER_REGION: usize = 3;
pub const SERIES: [&str; 4] = ["Start", "Business", "Enterprise", "Cloud"];
pub const VERSIONS: [&str; 6] = ["11.0", "12.0", "12.5", "13.0", "13.5", "14.0"];
pub const COMPETITORS: [&str; 6] = ["Orbis", "Kestrel ERP", "NorthStack", "Qingyun", "Tallis", "in-house"];
pub const PLANS: [&str; 4] = ["none", "expansion", "funding", "ipo"];
/// How common the plans are but the first.
pub const PLAN_WEIGHTS: [f64; 3] = [0.7, 0.22, 0.08];
pub const TICKET_CATEGORIES: [&str; 7] =
    ["how_to", "defect", "performance", "integration", "data_fix", "access", "billing"];

/// One of the three account owners of a region.
pub fn owner(region: usize, nth: usize) -> &'static str {
    OWNERS[(region * OWNERS_PER_REGION + nth % OWNERS_PER_REGION) % OWNERS.len()]
}

/// A company's name: Chinese, Latin or both.
pub fn company(chance: &mut Chance, region: usize, industry: usize) -> String {
    let (city, city_latin) = *chance.pick(CITIES[region]);
    let (first, first_latin) = *chance.pick(&SYLLABLES);
    let (second, second_latin) = *chance.pick(&SYLLABLES);
    let (third, third_latin) = if chance.yes(0.35) { *chance.pick(&SYLLABLES) } else { ("", "") };
    let trade = &INDUSTRIES[industry];
    let latin = format!("{first_latin}{}{}", second_latin.to_lowercase(), third_latin.to_lowercase());
    let chinese = format!("{city}{first}{second}{third}{}", trade.chinese);
    let form = *chance.pick(&["有限公司", "有限公司", "股份有限公司", "集团"]);
    match chance.weighted(&[5.0, 2.0, 3.0]) {
        0 => format!("{chinese}{form}"),
        1 => format!("{latin} {} ({city_latin}) Co., Ltd.", trade.latin),
        _ => format!("{latin} {chinese}{form}"),
    }
}
