import { readFileSync } from 'node:fs';
import { type ExitCode, exitCodes } from '../errors.ts';
import { display, nearestWord } from '../text/index.ts';
import { UsageError } from './cli-errors.ts';
import { schemaNames } from './commands.ts';
import type { World } from './world.ts';

/** `unleak schema NAME`: prints the file that the package holds. */
export const runSchema = async ([name]: readonly string[], world: World): Promise<ExitCode> => {
  const known = schemaNames.find((each) => each === name);
  if (known === undefined) throw unknownSchema(name);
  await world.stdout.write(readFileSync(new URL(`../../schema/${known}.schema.json`, import.meta.url), 'utf8'));
  return exitCodes.clean;
};

const unknownSchema = (name: string | undefined): UsageError => {
  const choices = `There are: ${schemaNames.join(', ')}.`;
  if (name === undefined) return new UsageError('unleak schema needs a name.', choices);
  const meant = nearestWord(name, schemaNames);
  return new UsageError(`There is no schema "${display(name)}".`, meant ? `Did you mean ${meant}?` : choices);
};
