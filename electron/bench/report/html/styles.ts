import { Markup } from '../../../../shared/units/markup.ts';

/** The whole look of the page: light and dark from the system, light on paper. Contrast is AA in both. */
export const styles = new Markup(`
:root{color-scheme:light dark;--ink:#1c2330;--soft:#566074;--line:#dbe0e8;--paper:#fff;--tint:#f5f7fa;--accent:#0b5fb0;--accent-soft:#b7d3ee;--bar:#8fa6c0;--green:#1a6b3c;--amber:#8a5300;--red:#a4262c;--green-bg:#e5f4ea;--amber-bg:#fdf1dc;--red-bg:#fbe9e9}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ef;--soft:#a3adbd;--line:#363f4d;--paper:#14181f;--tint:#1c222b;--accent:#6db3f2;--accent-soft:#24527d;--bar:#5d7188;--green:#7fd6a0;--amber:#f0bd68;--red:#f5979b;--green-bg:#163423;--amber-bg:#3a2b10;--red-bg:#44191c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1240px;margin:0 auto;padding:40px 28px 64px}
header{border-bottom:1px solid var(--line);padding-bottom:24px;margin-bottom:28px}
.kicker{color:var(--soft);font-size:13px;margin:0 0 4px}
h1{font-size:27px;line-height:1.25;margin:0 0 14px;font-weight:650;letter-spacing:-.01em}
h2{font-size:18px;margin:44px 0 12px;font-weight:650}
h3{font-size:15px;margin:24px 0 8px;font-weight:650}
p{margin:0 0 10px;max-width:78ch}
.verdict{font-size:18px;line-height:1.45;margin:0 0 14px;max-width:66ch}
.badge{display:inline-block;border-radius:4px;padding:1px 8px;font-size:13px;font-weight:600;white-space:nowrap}
.badge.green{color:var(--green);background:var(--green-bg)}.badge.amber{color:var(--amber);background:var(--amber-bg)}.badge.red{color:var(--red);background:var(--red-bg)}
.scroll{overflow-x:auto;margin:0 0 8px}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{padding:7px 12px 7px 0;text-align:right;vertical-align:baseline;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600;color:var(--soft);font-size:13px}thead th{vertical-align:bottom}
th:first-child,td:first-child,.left{text-align:left!important}
tbody th{font-weight:600;color:var(--ink);font-size:14px}
td:last-child,th:last-child{padding-right:0}
tr.pick td,tr.pick th{background:var(--tint)}
tr.dominated td,tr.dominated th{color:var(--soft)}
small,.spread,.unit,.note{color:var(--soft)}
small,.spread{font-size:12px}.below{display:block;line-height:1.3}.dense th,.dense td{padding-top:4px;padding-bottom:4px;font-size:13px}.dense tbody td,.dense tbody th{border-bottom-color:color-mix(in srgb,var(--line) 55%,transparent)}.facts td{font-size:13px;overflow-wrap:anywhere;min-width:120px}.dense.facts tbody tr th{color:var(--soft)}.dense .group th{padding-top:18px;border-bottom-color:var(--line)}.dense tbody tr:not(.group) th{font-weight:500}
.unit{font-weight:400;font-size:13px}
.note{font-size:13px;margin:2px 0 0}
.better{color:var(--green)}.worse{color:var(--red)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(430px,1fr));gap:20px 36px;margin-top:20px}
figure{margin:0 0 18px;min-width:0}
figcaption{font-weight:600;margin-bottom:4px}
svg{width:100%;height:auto;display:block;font:12px system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif}
svg text{fill:var(--ink)}svg .tick{fill:var(--soft);font-size:11.5px}svg .strong{font-weight:700}svg .value{font-weight:600}
.grid{stroke:var(--line);stroke-width:1}.bar{fill:var(--bar);opacity:.55}.bar.marked{fill:var(--accent);opacity:.75}
.whisker{stroke:var(--ink);stroke-width:1.4;fill:none}.dot{fill:var(--paper);stroke:var(--ink);stroke-width:.9}
.frontier{fill:none;stroke:var(--accent);stroke-width:1.4;stroke-dasharray:5 4}
.point{stroke-width:2}.point.plain{fill:var(--ink);stroke:var(--ink)}.point.dominated{fill:var(--paper);stroke:var(--soft)}.point.marked{fill:var(--accent);stroke:var(--accent)}
.band{fill:var(--tint)}.band.odd{fill:var(--line);opacity:.55}.series{fill:none;stroke:var(--accent);stroke-width:1.5}.mark{fill:var(--accent)}
.wrap{white-space:normal!important}ul{padding-left:20px;margin:0 0 10px}li{margin:3px 0;max-width:84ch}
.reasons{list-style:none;padding:0}.reasons li{display:flex;gap:10px;align-items:baseline}.reasons .badge{min-width:60px;text-align:center}
dl{display:grid;grid-template-columns:minmax(150px,max-content) 1fr;gap:4px 24px;margin:0;font-size:14px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code,pre,.mono{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace;font-size:13px}
pre{background:var(--tint);border:1px solid var(--line);border-radius:4px;padding:10px 14px;overflow-x:auto;margin:0}
a{color:var(--accent)}a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
footer{margin-top:48px;padding-top:16px;border-top:1px solid var(--line);color:var(--soft);font-size:13px;overflow-wrap:anywhere}footer p{max-width:none;margin:0 0 4px}article{margin-top:56px;border-top:2px solid var(--ink);padding-top:14px}.run-title{font-size:21px;font-weight:650;margin:0}article .kicker{margin:0}
@media (max-width:560px){main{padding:24px 16px}.charts{grid-template-columns:1fr}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#ccc;--paper:#fff;--tint:#f5f5f5;--accent:#0b5fb0;--bar:#8fa6c0;--green:#1a6b3c;--amber:#8a5300;--red:#a4262c;--green-bg:#fff;--amber-bg:#fff;--red-bg:#fff}
body{font-size:10.5pt}main{max-width:none;padding:0}h2,h3{break-after:avoid}pre{white-space:pre-wrap;overflow-wrap:anywhere;overflow:visible}article{break-before:page}figure,tr,li{break-inside:avoid}.scroll{overflow:visible}table,th,tbody th{font-size:8pt}th,td{padding-right:6px}thead th{white-space:normal}.spread,td small,th .unit{font-size:6.5pt}.badge{border:1px solid currentColor}td .badge{font-size:7pt;padding:0 4px}.dense th,.dense td,.facts td{font-size:7.5pt}.facts td{min-width:0}.no-print{display:none}.charts{grid-template-columns:1fr 1fr}}
@page{margin:14mm}
`);
