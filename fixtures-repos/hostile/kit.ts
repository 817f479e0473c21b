import type { RepoBuilder } from '../build-repo.ts';
import { makeSecret, type PlantedSecret } from '../secrets/index.ts';

/** What somebody damaged or made to do harm, and what a scan must still do. */
export interface HostilePart {
  readonly name: string;
  /** Reported as credentials, whatever else is broken. */
  readonly found: readonly PlantedSecret[];
  /** In the broken part: reported, or the report is incomplete and names what it could not read. Never neither. */
  readonly foundOrNamed: readonly { readonly secret: PlantedSecret; readonly names: readonly string[] }[];
  /** Words that must stand in the report's coverage. */
  readonly named: readonly string[];
  /** Whether the report must say that it is complete, or that it is not; null: either may be right. */
  readonly complete: boolean | null;
  /** It cannot be scanned at all: exit 2, one error with a hint. */
  readonly fails: boolean;
  /** What the scan is given. */
  readonly path: string;
}

/** What one build draws with: a repository of one commit that holds a secret that stays readable. */
export class Kit {
  readonly r: RepoBuilder;
  readonly #name: string;
  readonly #found: PlantedSecret[] = [];
  readonly #foundOrNamed: { secret: PlantedSecret; names: readonly string[] }[] = [];
  readonly #named: string[] = [];
  #complete: boolean | null = true;
  #fails = false;
  #path: string;

  constructor(name: string, r: RepoBuilder) {
    this.r = r;
    this.#name = name;
    this.#path = r.path;
  }

  get name(): string {
    return this.#name;
  }

  get gitDir(): string {
    return this.r.gitDir;
  }

  secret(id: string): PlantedSecret {
    return makeSecret(`hostile/${this.#name}/${id}`, 'github-token');
  }

  /** A commit with a secret that nothing is done to. */
  survivor(): PlantedSecret {
    const secret = this.secret('survivor');
    this.r.commit('start', { 'survivor.conf': secret.text });
    return this.found(secret);
  }

  /** A commit with a secret whose blob is about to be broken. */
  victim(): { readonly secret: PlantedSecret; readonly oid: string } {
    const secret = this.secret('victim');
    this.r.commit('victim', { 'victim.conf': `# ${'filler '.repeat(40)}\n${secret.text}` });
    return { secret, oid: this.r.git('rev-parse', 'HEAD:victim.conf') };
  }

  found(secret: PlantedSecret): PlantedSecret {
    this.#found.push(secret);
    return secret;
  }

  /** Somewhere in what was broken. By one of the names coverage must call it if the secret is not reported. */
  foundOrNamed(secret: PlantedSecret, ...names: readonly string[]): void {
    this.#foundOrNamed.push({ secret, names });
    this.#complete = null;
  }

  /** Coverage must speak of it. */
  named(name: string, { complete = false }: { readonly complete?: boolean | null } = {}): void {
    this.#named.push(name);
    this.#complete = complete;
  }

  incomplete(): void {
    this.#complete = false;
  }

  /** No promise on completeness: what was done may cost nothing. */
  mayBeIncomplete(): void {
    this.#complete = null;
  }

  fails(): void {
    this.#fails = true;
  }

  scan(path: string): void {
    this.#path = path;
  }

  finish(): HostilePart {
    return {
      name: this.#name,
      path: this.#path,
      found: this.#found,
      foundOrNamed: this.#foundOrNamed,
      named: this.#named,
      complete: this.#complete,
      fails: this.#fails,
    };
  }
}

export type HostileBuild = (kit: Kit) => void;
export type HostileBuilds = Readonly<Record<string, HostileBuild>>;
