//! The pages' own look, on the colours of the charts: light, dark, print, wide and narrow. It brings no colour of its own.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A whole page with this title and content.
pub(super) fn document(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="hiec spc chart";
                title { (title) }
                style { (PreEscaped(hiec_charts::stylesheet())) (PreEscaped(PAGE)) }
            }
            body class="hc" data-theme="auto" {
                main { (content) }
            }
        }
    }
}

const PAGE: &str = "
:root{color-scheme:light dark}
body{margin:0;background:var(--hc-ground,#fff);color:var(--hc-ink,#212b32);font:1rem/1.5 'Source Sans 3','Source Sans Pro',Arial,Helvetica,sans-serif}
main{max-width:76rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.25rem;margin:2rem 0 .5rem}
p,ul{max-width:46rem}
a{color:inherit;text-underline-offset:.2em}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--hc-ink,#212b32);outline-offset:2px;background:#ffeb3b;color:#212b32}
.quiet{color:var(--hc-quiet,#4c6272)}
.icons{display:flex;flex-wrap:wrap;gap:.75rem 2rem;margin:1rem 0;padding:0;list-style:none}
.icons li{display:flex;align-items:center;gap:.6rem}
.icons svg{flex:none}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:0;list-style:none;max-width:none}
.hc-sheet{position:absolute}
figure{margin:1rem 0}
figure svg{max-width:100%;height:auto}
.narrow{display:none}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.95rem}
caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--hc-grid,#dfe4e7);vertical-align:top}
thead th{border-bottom:2px solid var(--hc-ink,#212b32);vertical-align:bottom}
.index{width:100%}
.index td,.index tbody th{vertical-align:middle}
.index svg{display:block}
.index th[scope=row]{font-weight:400;min-width:8rem}
.index th[scope=col]{white-space:nowrap}
.index th[scope=rowgroup]{font-size:1.1rem;padding-top:1.5rem;border-bottom:2px solid var(--hc-ink,#212b32)}
.hc-number{text-align:right;white-space:nowrap}
.hc-table th[scope=row]{white-space:nowrap;font-weight:400}
.says{font-size:.9rem;min-width:16rem}
@media screen and (max-width:52rem){
.wide{display:none}.narrow{display:block}
.index,.index caption,.index tbody,.index td,.index th{display:block}
.index thead,.index br{display:none}
.index tr{display:flex;flex-wrap:wrap;align-items:center;gap:.2rem 1rem;padding:.7rem 0;border-bottom:1px solid var(--hc-grid,#dfe4e7)}
.index td,.index tbody th{border:0;padding:0;text-align:left;white-space:normal;min-width:0}
.index th[scope=row],.index .says{flex-basis:100%}
.index td[data-label]::before{content:attr(data-label) ' ';color:var(--hc-quiet,#4c6272)}
.index .hc-number{order:1}.index .says{order:2}
}
@media print{main{max-width:none;padding:0}nav,.files{display:none}figure,tr{break-inside:avoid}}
";
