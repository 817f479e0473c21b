import { styleText } from 'node:util';
import type { Severity } from '../rules/index.ts';

/** Styles are meanings: what they look like is decided here alone. A word always says the same, without colour. */
export type Style = Severity | 'label' | 'strong' | 'still-there' | 'good' | 'bad';
export type Paint = (style: Style, text: string) => string;

const looks = {
  critical: ['bold', 'red'],
  high: ['red'],
  medium: ['yellow'],
  low: ['cyan'],
  info: ['dim'],
  label: ['dim'],
  strong: ['bold'],
  'still-there': ['yellow'],
  good: ['green'],
  bad: ['bold', 'yellow'],
} as const satisfies Record<Style, readonly string[]>;

export const painter =
  (color: boolean): Paint =>
  (style, text) =>
    color && text !== '' ? styleText([...looks[style]], text, { validateStream: false }) : text;
