/** Type and colors of the design language; paper only, so that the file prints as it is read. */
export default `
:root { --sans: "Source Sans 3", "Source Sans 3 VF", system-ui, sans-serif; --serif: "Source Serif 4", "Source Serif 4 Variable", Georgia, serif;
  --ink: #16211F; --ink-2: #43504D; --ink-3: #5F6C69; --rule: #D3D9D6; --rule-strong: #7F8B88; --accent: #443C94; --uncertain: #7A5200; --contradiction: #C02A12; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 16px/25px var(--serif); font-feature-settings: "tnum"; }
main { max-width: 1060px; margin: 0 auto; padding: 48px 32px; }
header, section > *, .row > p { max-width: 680px; }
header { border-bottom: 1px solid var(--rule); margin-bottom: 24px; padding-bottom: 12px; }
h1 { font: 600 26px/33px var(--serif); margin: 8px 0 12px; }
h2 { font: 600 18px/25px var(--serif); margin: 32px 0 8px; break-after: avoid; }
p { margin: 0 0 12px; }
.running { font-style: italic; color: var(--ink-2); }
.disclaimer, footer { font: 13px/18px var(--sans); color: var(--ink-3); }
footer { max-width: 1060px; margin: 0 auto; padding: 0 32px 32px; }
.row { display: grid; grid-template-columns: minmax(0, 680px) minmax(0, 280px); column-gap: 32px; max-width: none; }
aside { font: 13px/18px var(--sans); color: var(--ink-2); }
.note { border-top: 1px solid var(--rule-strong); padding: 6px 0 10px; }
.note b { color: var(--ink); font-weight: 600; }
.note small { font-size: 12px; color: var(--ink-3); }
.note.contradiction b { color: var(--contradiction); } .note.undecided b { color: var(--uncertain); }
.number { border-bottom: 1px solid var(--rule-strong); }
.number.contradiction { border-bottom-color: var(--contradiction); } .number.undecided { border-bottom-color: var(--uncertain); }
.place { font-size: 14px; color: var(--ink-2); }
sup { font: 11px/0 var(--sans); } sup a, .pointer { color: var(--accent); text-decoration: none; }
.absent { border: 1px dashed var(--rule-strong); padding: 6px 10px; font: 14.5px/20px var(--sans); color: var(--ink-2); }
figure { margin: 16px 0 24px; } section > figure { max-width: none; }
figure svg { max-width: 100%; height: auto; font-family: var(--sans); }
figcaption, .table-note { font: 13px/18px var(--sans); color: var(--ink-2); margin-bottom: 6px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font: 13px/18px var(--sans); border-top: 1px solid var(--ink); border-bottom: 1px solid var(--ink); }
th { font-weight: 400; font-size: 12px; color: var(--ink-3); text-align: left; vertical-align: bottom; border-bottom: 1px solid var(--rule-strong); padding: 4px 8px 4px 0; }
td { vertical-align: top; border-bottom: 1px solid var(--rule); padding: 5px 8px 5px 0; }
tr { break-inside: avoid; } tr:last-child td { border-bottom: 0; } .strong td { font-weight: 600; } .right { text-align: right; }
td .number { border-bottom: 0; }
.glossary { font: 14.5px/20px var(--sans); } .glossary div { display: grid; grid-template-columns: 96px 1fr; } .glossary dt { font-weight: 600; } .glossary dd { margin: 0; }
.references { padding-left: 32px; font-size: 14.5px; line-height: 21px; } .references li { margin-bottom: 4px; }
.unverified { text-decoration: underline dotted; }
@media (max-width: 900px) { .row { display: block; } }
@media print {
  @page { size: A4; margin: 25mm 25mm 22mm; }
  body { font-size: 10.5pt; line-height: 15pt; } main { padding: 0; max-width: none; } header, section > *, .row > p { max-width: none; }
  .row { display: block; } aside { border-left: 2px solid var(--rule); padding-left: 8px; margin: 0 0 8pt; break-inside: avoid; }
  footer { display: none; } .pointer, sup a { color: inherit; }
}
`;
