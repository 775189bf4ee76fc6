// Says in the words of ECharts what a chart looks like, from a table: which kind,
// where its parts stand, in which colours. It knows no page. Every column of the
// table that it is given is drawn.

// The colours are told apart with colour-blind eyes too (after Okabe and Ito), and
// stand out 3 to 1 on the ground; lines differ in dashes and marks besides.
const day = { ink: '#1b2420', soft: '#55605a', line: '#d9d6cb', ground: '#fff', marks: ['#0072b2', '#c24d00', '#00805c', '#9b3f7d', '#6b5b00', '#56606a'], heat: ['#eaf4fb', '#7cbbe4'] };
const night = { ink: '#eef2ef', soft: '#aab6b0', line: '#414b46', ground: '#1c2320', marks: ['#56b4e9', '#e69f00', '#2bc49a', '#e59cc4', '#f0e442', '#b9c3cc'], heat: ['#22302f', '#1f6aa0'] };
const dashes = ['solid', 'dashed', 'dotted'];
const symbols = ['circle', 'rect', 'triangle', 'diamond'];

const text = 14; // pixels: size of letters
const letter = 7.2; // about the width of one
const row = 30; // of a bar or a cell
const widest = 44; // of a bar that stands
const panel = 150; // the height of a chart of lines
const gap = 74; // between charts above each other: the words of two axes

// panels are the columns that share an axis: those of one unit and as exact; what
// has no unit counts things of its own.
function panels({ columns }) {
  const axes = new Map();
  for (const column of columns) {
    const exact = Math.max(...column.values.map((value, i) => (value === null ? 0 : (column.exact[i].split('.')[1] ?? '').length)));
    const key = column.unit ? `${exact} ${column.unit}` : column.label;
    axes.set(key, [...(axes.get(key) ?? []), column]);
  }
  return [...axes.values()];
}

// lying tells whether bars lie: their names, or the numbers above them, are too long
// to stand side by side.
function lying(table, { width }) {
  if (table.kind === 'line') return false;
  const beside = table.kind === 'bars' ? panels(table).filter((columns) => columns.length > 1).flat() : [];
  if (beside.length > 0 && longest(beside.flatMap(({ shown }) => shown)) * letter > widest) return true;
  const numbers = table.kind === 'bars' ? panels(table).map((columns) => columns.length * longest(columns.flatMap(({ shown }) => shown))) : [0];
  return table.labels.length * Math.max(longest(table.labels), ...numbers) * letter > width * 0.8;
}

const longest = (words) => Math.max(...words.map((word) => word.length));

const lines = (words, width) => Math.ceil((words.length * letter) / (width - 40));

// above is the room for the words on a picture to take home.
const above = ({ title, sentence, width }) => (title ? 46 + 20 * lines(sentence, width) : 0);
const below = ({ source }) => (source ? 30 : 0);

// legendRows gives the rows that the names of some columns take.
function legendRows({ kind }, columns, width) {
  if (columns.length < 2 || kind === 'heat' || kind === 'sankey') return 0;
  return Math.ceil(columns.reduce((sum, { label }) => sum + label.length * letter + 50, 0) / (width - 16));
}

// rowHeight leaves room for names that are written in several lines.
const rowHeight = ({ labels }, { width }) => Math.max(row, 8 + 17 * Math.ceil((longest(labels) * letter * 1.15) / (width * 0.4)));

// panelHeight is that of the drawing itself, without words.
function panelHeight(table, look, columns) {
  if (table.kind === 'sankey') return Math.min(560, Math.max(240, table.labels.length * row));
  if (table.kind === 'heat') return table.labels.length * row;
  if (lying(table, look)) return table.labels.length * rowHeight(table, look) * (table.kind === 'bars' ? Math.max(1, columns.length * 0.75) : 1);
  return panel;
}

const drawsAxes = ({ kind }) => kind !== 'heat' && kind !== 'sankey';

// layout gives each panel its place from above, and the height of all.
function layout(table, look) {
  let top = above(look);
  const places = (table.kind === 'bars' || table.kind === 'line' ? panels(table) : [table.columns]).map((columns) => {
    const head = ({ heat: 40, sankey: 8 }[table.kind] ?? 26) + 24 * legendRows(table, columns, look.width);
    const place = { columns, legend: top, top: top + head, height: panelHeight(table, look, columns) };
    top = place.top + place.height + (drawsAxes(table) ? gap - 26 : 22);
    return place;
  });
  return { places, height: top - (drawsAxes(table) ? 26 : 0) + below(look) };
}

// chartHeight is how high a chart becomes, in pixels.
export const chartHeight = (table, look) => Math.ceil(layout(table, look).height);

// chartOption is the whole chart. look: width, night, font, lang; and for a
// picture to take home also title, sentence and source.
export function chartOption(table, look) {
  const colours = look.night ? night : day;
  const option = { animation: false, aria: { enabled: table.kind === 'stack', label: { enabled: false }, decal: { show: true } }, color: colours.marks, textStyle: { fontFamily: look.font, fontSize: text, color: colours.ink }, title: titles(table, look, colours) };
  const make = { sankey, heat }[table.kind] ?? axes;
  return { ...option, ...make(table, look, colours) };
}

function titles(table, look, { ink, soft }) {
  if (!look.title) return [];
  const wide = { width: look.width - 40, overflow: 'break', fontSize: text, lineHeight: 20, color: ink };
  return [
    { text: look.title, left: 12, top: 10, textStyle: { fontSize: 20, color: ink }, subtext: look.sentence, subtextStyle: wide },
    { text: look.source, left: 12, top: chartHeight(table, look) - 26, textStyle: { fontSize: 12, fontWeight: 'normal', color: soft } },
  ];
}

const axis = ({ soft, line, ink }) => ({ axisLabel: { color: ink, fontSize: text - 1, hideOverlap: true }, axisLine: { lineStyle: { color: soft } }, axisTick: { show: false }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: soft, fontSize: text - 1 } });

// axes draws lines and bars: a panel for each unit.
function axes(table, look, colours) {
  const { places } = layout(table, look);
  const flat = lying(table, look);
  const short = numbers(look);
  const over = table.kind === 'line'; // times stand exactly below each other
  const grid = places.map(({ top, height }) => ({ top, height, left: over ? 62 : 12, right: flat && table.kind === 'bars' ? 80 : 20, outerBoundsMode: over ? 'none' : 'same', outerBoundsContain: 'axisLabel' }));
  const names = places.map((_, i) => ({ ...axis(colours), type: 'category', gridIndex: i, data: table.labels, inverse: flat, axisLabel: { ...axis(colours).axisLabel, ...(flat && { width: look.width * 0.4, overflow: 'break', interval: 0, hideOverlap: false }) } }));
  const values = places.map(({ columns }, i) => ({ ...axis(colours), type: 'value', gridIndex: i, splitNumber: 4, name: named(columns), nameLocation: flat ? 'middle' : 'end', nameGap: flat ? 28 : 10, nameTextStyle: { color: colours.soft, fontSize: text - 1, align: flat ? 'center' : 'left' }, axisLabel: { ...axis(colours).axisLabel, formatter: short } }));
  const option = { grid, xAxis: flat ? values : names, yAxis: flat ? names : values };
  option.series = places.flatMap(({ columns }, at) => columns.map((column, i) => ({ ...series(table, column, i, flat, columns.length, colours), xAxisIndex: at, yAxisIndex: at })));
  option.legend = places.filter(({ columns }) => columns.length > 1).map(({ columns, legend }) => ({ data: columns.map(({ label }) => label), top: legend, left: 4, itemWidth: 28, selectedMode: false, textStyle: { color: colours.ink, fontSize: text } }));
  return option;
}

// numbers writes what stands along an axis: short, for the table has it all.
function numbers({ lang }) {
  const way = (options) => new Intl.NumberFormat(lang === 'en' ? 'en' : 'nl', { maximumFractionDigits: 2, ...options });
  const [plain, short] = [way({}), way({ notation: 'compact' })];
  return (value) => (Math.abs(value) < 1e6 ? plain : short).format(value);
}

// named is what stands above an axis.
const named = (columns) => (columns.length > 1 ? columns[0].unit : [columns[0].label, columns[0].unit].filter(Boolean).join(', '));

function series({ kind }, column, i, flat, count, { marks, ground, ink }) {
  const colour = marks[i % marks.length];
  const base = { name: column.label, data: column.values, color: colour };
  if (kind === 'line') {
    return { ...base, type: 'line', symbol: symbols[i % symbols.length], symbolSize: 6, showSymbol: column.values.length < 60, lineStyle: { width: 2.5, type: dashes[i % dashes.length] }, emphasis: { scale: 2.2 } };
  }
  const told = { show: kind === 'bars' && (flat || column.values.length * count < 24), position: flat ? 'right' : 'top', color: ink, fontSize: text - 1, formatter: ({ dataIndex }) => column.shown[dataIndex] };
  return { ...base, type: 'bar', stack: kind === 'stack' ? 'one' : undefined, barMaxWidth: widest, label: told, itemStyle: { borderColor: ground, borderWidth: kind === 'stack' ? 1.5 : 0 }, emphasis: { itemStyle: { borderColor: ink, borderWidth: 2 } } };
}

// heat draws a field for each number, which stands in it.
function heat(table, look, colours) {
  const { places: [{ top, height }] } = layout(table, look);
  const data = table.labels.flatMap((_, y) => table.columns.map(({ values }, x) => [x, y, values[y] ?? '-']));
  const all = data.map(([, , v]) => v).filter((v) => v !== '-');
  const field = { color: colours.ink, fontSize: text - 1, show: true, formatter: ({ value: [x, y] }) => table.columns[x].shown[y] };
  const line = axis(colours);
  return {
    grid: { top, height, left: 12, right: 12, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { ...line, type: 'category', position: 'top', data: table.columns.map(({ label }) => label), axisLabel: { ...line.axisLabel, hideOverlap: false, interval: 0, width: (look.width * 0.62) / table.columns.length, overflow: 'break' } },
    yAxis: { ...line, type: 'category', inverse: true, data: table.labels },
    visualMap: { show: false, min: Math.min(0, ...all), max: Math.max(...all, 1e-9), inRange: { color: colours.heat } },
    series: { type: 'heatmap', data, label: field, itemStyle: { borderColor: colours.ground, borderWidth: 2 }, emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 2 } } },
  };
}

// flowing are the rows that a chart of flows draws: nothing has no width.
export const flowing = ({ columns }) => columns[0].values.flatMap((value, i) => (value > 0 ? [i] : []));

// sankey draws flows. Where money comes back to where it went from, payers stand at
// one side and who is paid at the other: a round cannot be drawn from left to right.
function sankey(table, look, colours) {
  const { places: [{ top, height }] } = layout(table, look);
  const flows = flowing(table).map((i) => ({ from: table.labels[i], to: table.targets[i], value: table.columns[0].values[i] }));
  const twice = round(flows);
  const source = (name) => (twice ? `< ${name}` : name);
  const target = (name) => (twice ? `> ${name}` : name);
  const nodes = new Set(flows.flatMap(({ from, to }) => [source(from), target(to)]));
  const last = new Set([...nodes].filter((name) => !flows.some(({ from }) => source(from) === name)));
  const plain = (name) => (twice ? name.slice(2) : name);
  const names = [...new Set([...nodes].map(plain))];
  const label = { color: colours.ink, fontSize: text - 1, width: look.width * 0.3, overflow: 'break', formatter: ({ name }) => plain(name), textBorderColor: colours.ground, textBorderWidth: 3 };
  return {
    series: {
      type: 'sankey', top, height, left: 8, right: 8, nodeWidth: 14, nodeGap: 18, draggable: false, layoutIterations: 64,
      data: [...nodes].map((name) => ({ name, itemStyle: { color: colours.marks[names.indexOf(plain(name)) % colours.marks.length] }, label: { position: last.has(name) ? 'left' : 'right' } })),
      links: flows.map(({ from, to, value }) => ({ source: source(from), target: target(to), value })),
      label, lineStyle: { color: 'source', opacity: 0.4 }, emphasis: { focus: 'none', lineStyle: { opacity: 0.8 } },
    },
  };
}

// round tells whether some flow leads back to where it came from.
function round(flows) {
  const state = new Map();
  const visit = (name) => {
    if (state.has(name)) return state.get(name) === 'open';
    state.set(name, 'open');
    const found = flows.some(({ from, to }) => from === name && visit(to));
    state.set(name, 'done');
    return found;
  };
  return flows.some(({ from }) => visit(from));
}
