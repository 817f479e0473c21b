import { expect, test } from 'vitest';
import { renderPlot } from '../../bench/plot.ts';

const plot = renderPlot({
  title: 'a & b <c>',
  across: 'GB',
  up: 'seconds',
  lines: [
    {
      name: 'git',
      points: [
        { x: 1, y: 5 },
        { x: 4, y: 20 },
      ],
    },
    {
      name: 'unleak',
      points: [
        { x: 1, y: 2.5 },
        { x: 4, y: 10 },
      ],
    },
  ],
});

const points = [...plot.matchAll(/<polyline [^>]*points="([^"]+)"/g)].map(([, text = '']) =>
  text.split(' ').map((pair) => pair.split(',').map(Number)),
);

test('a line that grows in proportion is straight through the origin, and half as high where values are half', () => {
  const [git = [], ours = []] = points;
  const zero = Number(/<line [^>]*y1="([\d.]+)"/.exec(plot)?.[1]);
  const heights = (line: number[][]) => line.map(([, y = 0]) => zero - y);
  const [low = 0, high = 0] = heights(git);
  expect(high / low).toBeCloseTo(4, 1);
  expect(heights(ours).map((height, index) => (height * 2) / (heights(git)[index] ?? 0))).toEqual([
    expect.closeTo(1, 2),
    expect.closeTo(1, 2),
  ]);
});

test('every point carries its value, every line its name, and names are escaped', () => {
  for (const text of [
    '>5.0<',
    '>20.0<',
    '>2.5<',
    '>10.0<',
    '>git<',
    '>unleak<',
    '>GB<',
    '>seconds<',
    'a &amp; b &lt;c&gt;',
  ])
    expect(plot).toContain(text);
  expect(plot).not.toContain('<c>');
});

test('everything lies inside the picture', () => {
  for (const [x = -1, y = -1] of points.flat()) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(720);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(420);
  }
});
