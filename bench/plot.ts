export interface Plot {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  /** At most as many as there are colours. */
  readonly lines: readonly { readonly name: string; readonly points: readonly Point[] }[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const size = { width: 720, height: 420 };
/** Room around the field: for the numbers on the left, for the lines' names on the right. */
const edge = { left: 64, right: 120, top: 56, bottom: 60 };
const field = { width: size.width - edge.left - edge.right, height: size.height - edge.top - edge.bottom };

/** Plain classes, no variables: some viewers know none. Both themes keep a contrast of 4.5 and more on their ground. */
const theme = (ground: string, ink: string, rule: string, lines: readonly string[]): string =>
  [
    `.ground { fill: ${ground}; }`,
    `text { fill: ${ink}; }`,
    `.rule { stroke: ${rule}; }`,
    ...lines.map((colour, number) => `.line-${number} { stroke: ${colour}; } .mark-${number} { fill: ${colour}; }`),
  ].join('\n');

const style = `
text { font: 13px system-ui, sans-serif; }
.title { font-size: 15px; font-weight: 600; }
.rule { stroke-width: 1; }
.line { fill: none; stroke-width: 2; }
${theme('#ffffff', '#24292f', '#d0d7de', ['#57606a', '#0550ae', '#953800'])}
@media (prefers-color-scheme: dark) {
${theme('#0d1117', '#e6edf3', '#30363d', ['#9ea7b3', '#79c0ff', '#ffa657'])}
}`;

/** A line chart from zero as an SVG document: each point carries its value, each line its name at its end. */
export const renderPlot = ({ title, across, up, lines }: Plot): string => {
  const points = lines.flatMap((line) => line.points);
  const toX = scale(
    points.map((point) => point.x),
    field.width,
  );
  const toY = scale(
    points.map((point) => point.y),
    field.height,
  );
  const place = ({ x, y }: Point) => ({ x: edge.left + toX.at(x), y: edge.top + field.height - toY.at(y) });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${size.width}" height="${size.height}"/>`,
    `<text class="title" x="${edge.left}" y="26">${escapeXml(title)}</text>`,
    ...toY.ticks.flatMap((tick) => {
      const { y } = place({ x: 0, y: tick });
      return [
        `<line class="rule" x1="${edge.left}" y1="${round(y)}" x2="${edge.left + field.width}" y2="${round(y)}"/>`,
        `<text x="${edge.left - 8}" y="${round(y + 4)}" text-anchor="end">${tick}</text>`,
      ];
    }),
    ...toX.ticks.map((tick) => {
      const { x, y } = place({ x: tick, y: 0 });
      return `<text x="${round(x)}" y="${round(y + 20)}" text-anchor="middle">${tick}</text>`;
    }),
    `<text x="${edge.left + field.width / 2}" y="${size.height - 14}" text-anchor="middle">${escapeXml(across)}</text>`,
    `<text x="${edge.left - 24}" y="${edge.top - 12}">${escapeXml(up)}</text>`,
    ...lines.flatMap((line, number) => renderLine(line.name, line.points.map(place), line.points, number)),
    '</svg>\n',
  ].join('\n');
};

const renderLine = (name: string, places: readonly Point[], points: readonly Point[], number: number): string[] => {
  const end = places.at(-1);
  return [
    `<polyline class="line line-${number}" points="${places.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ')}"/>`,
    ...places.flatMap(({ x, y }, index) => [
      number === 0
        ? `<circle class="mark-${number}" cx="${round(x)}" cy="${round(y)}" r="4"/>`
        : `<rect class="mark-${number}" x="${round(x - 4)}" y="${round(y - 4)}" width="8" height="8"/>`,
      `<text x="${round(x)}" y="${round(y - 10)}" text-anchor="middle">${points[index]?.y.toFixed(1)}</text>`,
    ]),
    ...(end === undefined ? [] : [`<text x="${round(end.x + 22)}" y="${round(end.y + 4)}">${escapeXml(name)}</text>`]),
  ];
};

/** From zero to a round number above all values, in four to ten steps of 1, 2 or 5 times a power of ten. */
const scale = (values: readonly number[], length: number) => {
  const most = Math.max(...values, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.1, 0.2, 0.5, 1, 2].map((factor) => factor * power).find((width) => most / width <= 7) ?? most;
  const count = Math.ceil(most / step);
  return {
    at: (value: number): number => (value / (step * count)) * length,
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6))),
  };
};

const round = (value: number): number => Math.round(value * 10) / 10;

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
