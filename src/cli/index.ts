/**
 * The command line: options → request → one use case → print → exit code. Options and commands are tables, from which parser,
 * help, completion and README are derived. `parse-argv` is total and touches nothing; `resolve-request` reads config and
 * checks what was asked; `perform` runs it. Only `main` knows the process. Nobody imports this folder.
 */
export { renderOptionsTable } from './options-table.ts';
