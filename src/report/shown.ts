import { display } from '../text/index.ts';

/**
 * Text of a scanned repository as a report for people shows it: one line, nothing that moves a cursor or hides, and nothing
 * that the log of a CI service takes for a command, which `::` and `##[` are, wherever a line is folded. A colon at its
 * end would meet ours.
 */
export const shown = (text: string): string =>
  display(text).replaceAll('::', ':\\x3a').replace(/:$/, '\\x3a').replaceAll('##', '#\\x23');
