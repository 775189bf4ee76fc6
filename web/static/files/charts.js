// Draws the charts of a page from the tables that stand there, so that chart and
// table say the same; without this script the tables are all there is. Words and
// numbers are the tables' own. ECharts is loaded when a chart comes near.

import { chartHeight, chartOption, flowing } from './chartoption.js';

const night = matchMedia('(prefers-color-scheme: dark)');
const width = 1000; // pixels of a picture to take home
const paper = 640; // pixels on a sheet of paper

let library;
const load = () => (library ??= import('./echarts.js'));

// readTable takes the numbers of a figure from its table. A cell without a number
// is null.
function readTable(figure) {
  const rows = [...figure.querySelectorAll('tbody tr')].filter((row) => row.querySelector('[data-value]'));
  const columns = [...figure.querySelectorAll('th[data-label]')].map((head, i) => {
    const cells = rows.map((row) => row.querySelectorAll('[data-value]')[i]);
    return {
      label: head.dataset.label,
      unit: head.dataset.unit,
      aside: 'aside' in head.dataset,
      exact: cells.map((cell) => cell.dataset.value),
      values: cells.map((cell) => (cell.dataset.value === '' ? null : Number(cell.dataset.value))),
      shown: cells.map((cell) => cell.textContent.trim()),
    };
  });
  const labels = rows.map((row) => row.querySelector('th').textContent);
  return { kind: figure.dataset.chart, rows, columns, labels, targets: rows.map((row) => row.querySelector('[data-to]')?.textContent) };
}

// drawnOf is a table with the columns that its chart draws; the others are read.
// Where all of them are nought or missing there is nothing to draw.
const drawnOf = (table) => ({ ...table, columns: table.columns.filter(({ aside }) => !aside) });

// Chart is one figure that is drawn.
class Chart {
  constructor(figure, init) {
    this.figure = figure;
    this.table = readTable(figure);
    this.shape = drawnOf(this.table);
    this.place = figure.querySelector('[data-drawing]');
    this.place.hidden = false;
    this.chart = init(this.place, null, { renderer: 'svg', height: 100 });
    this.chart.on('click', ({ seriesType, dataType, dataIndex }) => this.clicked(seriesType, dataType, dataIndex));
    this.draw();
    new ResizeObserver(() => this.draw()).observe(this.place);
    this.look();
  }

  // draw fits the chart to its place; on paper it is drawn by day.
  draw(onPaper = false) {
    const room = onPaper ? paper : this.place.clientWidth;
    const as = `${room} ${night.matches && !onPaper}`;
    if (room === 0 || as === this.drawn) return;
    this.drawn = as;
    const look = { width: room, night: night.matches && !onPaper, font: getComputedStyle(this.place).fontFamily, lang: document.documentElement.lang };
    this.chart.resize({ width: room, height: chartHeight(this.shape, look) });
    this.chart.setOption(chartOption(this.shape, look), true);
    this.chart.getZr().flush();
  }

  clicked(seriesType, dataType, index) {
    if (seriesType === 'sankey' && dataType !== 'edge') return;
    if (seriesType === 'sankey') this.slider.value = flowing(this.shape)[index];
    else this.slider.value = seriesType === 'heatmap' ? Math.floor(index / this.shape.columns.length) : index;
    this.read();
  }

  // look lets people go through the rows with a slider: by key, finger and mouse.
  look() {
    const looker = this.figure.querySelector('[data-looker]');
    this.slider = looker.querySelector('input');
    this.reading = looker.querySelector('[data-reading]');
    this.slider.max = this.table.rows.length - 1;
    this.slider.addEventListener('input', () => this.read());
    looker.hidden = this.table.rows.length < 2;
  }

  read() {
    const row = Number(this.slider.value);
    const { columns, labels, targets, rows, kind } = this.table;
    const name = targets[row] ? `${labels[row]} → ${targets[row]}` : labels[row];
    const text = `${name}: ${columns.map((c) => `${columns.length > 1 ? `${c.label} ` : ''}${c.shown[row]} ${c.unit}`.trim()).join('; ')}`;
    this.reading.textContent = text;
    this.slider.setAttribute('aria-valuetext', text);
    rows.forEach((other, i) => other.classList.toggle('looked', i === row));
    this.chart.dispatchAction({ type: 'downplay' });
    const at = { heat: () => this.shape.columns.map((_, i, all) => row * all.length + i), sankey: () => flowing(this.shape).indexOf(row) }[kind];
    this.chart.dispatchAction({ type: 'highlight', dataIndex: at ? at() : row, ...(kind === 'sankey' && { dataType: 'edge', seriesIndex: 0 }) });
  }
}

// takeHome makes a picture of a figure that says by itself what it shows.
async function takeHome(figure, ending) {
  const { init } = await load();
  const vector = ending === 'svg';
  const table = drawnOf(readTable(figure));
  const titles = { title: figure.querySelector('h2').textContent, sentence: figure.querySelector('figcaption p').textContent, source: figure.dataset.source };
  const look = { width, night: false, font: 'Helvetica, Arial, sans-serif', lang: document.documentElement.lang, ...titles };
  const size = { width, height: chartHeight(table, look) };
  const chart = vector ? init(null, null, { renderer: 'svg', ssr: true, ...size }) : init(document.createElement('div'), null, { renderer: 'canvas', devicePixelRatio: 2, ...size });
  chart.setOption({ ...chartOption(table, look), backgroundColor: '#fff' });
  const address = vector
    ? URL.createObjectURL(new Blob([chart.renderToSVGString()], { type: 'image/svg+xml' }))
    : chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: '#fff' });
  Object.assign(document.createElement('a'), { href: address, download: `${figure.dataset.file}.${ending}` }).click();
  chart.dispose();
}

const charts = new Map();

// show draws a figure, folds its table away and lets it be taken home.
async function show(figure) {
  if (charts.has(figure) || !drawnOf(readTable(figure)).columns.some(({ values }) => values.some(Boolean))) return;
  charts.set(figure, null);
  const { init } = await load();
  charts.set(figure, new Chart(figure, init));
  figure.querySelector('details').open = false;
  for (const button of figure.querySelectorAll('[data-picture]')) {
    button.hidden = false;
    button.addEventListener('click', () => takeHome(figure, button.dataset.picture));
  }
}

const figures = [...document.querySelectorAll('figure[data-chart]')];
const drawn = () => [...charts.values()].filter(Boolean);

// The first that comes near brings all: a page that is printed has its charts.
const near = new IntersectionObserver((entries) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  near.disconnect();
  for (const figure of figures) show(figure).catch(() => {}); // no library: the tables stay
}, { rootMargin: '50%' });
figures.forEach((figure) => near.observe(figure));

night.addEventListener('change', () => drawn().forEach((chart) => chart.draw()));
addEventListener('beforeprint', () => drawn().forEach((chart) => chart.draw(true)));
addEventListener('afterprint', () => drawn().forEach((chart) => chart.draw()));
