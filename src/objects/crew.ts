import { Worker } from 'node:worker_threads';
import { type CrewTask, doTask } from './do-task.ts';
import type { TaskReport } from './task-report.ts';

export type OnShard = (shard: number, result: unknown, workBytes: number) => void;

/** What a thread says; `done` is its last word on a task. */
export type CrewMessage =
  | { readonly type: 'shard'; readonly shard: number; readonly result: unknown; readonly workBytes: number }
  | { readonly type: 'done'; readonly report: TaskReport };

const workerFile = import.meta.url.endsWith('.ts') ? './sweep-worker.ts' : './sweep-worker.js';

/**
 * The threads of one scan. They are started once, before they are needed, and do one task after another, all of them the same at a time.
 * One that breaks breaks the scan: a result is never smaller because a thread was lost.
 */
export class Crew implements AsyncDisposable {
  readonly jobs: number;
  readonly #worksHere: boolean;
  #members: Member[] = [];

  /**
   * @param worksHere this thread does one of the jobs: for small scans, of which a thread's start is a large part. It hears nothing, not even
   * a signal, while it walks a family.
   */
  constructor(jobs: number, worksHere = false) {
    this.jobs = jobs;
    this.#worksHere = worksHere;
  }

  /**
   * Starts the threads, in the background.
   * @param visitorModules what they will be told to load, as URLs: they do so while nobody waits for it.
   */
  start(visitorModules: readonly string[] = []): void {
    const others = this.#worksHere ? this.jobs - 1 : this.jobs;
    while (this.#members.length < others) this.#members.push(new Member(visitorModules));
  }

  get isStarted(): boolean {
    return this.#members.length > 0;
  }

  /** @throws whatever breaks in a thread; then the crew is of no more use. */
  async run(task: CrewTask, onShard: OnShard): Promise<readonly TaskReport[]> {
    this.start();
    try {
      const others = this.#members.map((member) => member.run(task, onShard));
      const here = this.#worksHere
        ? [doTask(task, (shard, result, _transfer, workBytes) => onShard(shard, result, workBytes))]
        : [];
      return await Promise.all([...others, ...here]);
    } catch (error) {
      Atomics.store(task.work.control, 1, 1);
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const members = this.#members;
    this.#members = [];
    await Promise.all(members.map((member) => member.end()));
  }
}

class Member {
  readonly #worker: Worker;
  #onMessage: (message: CrewMessage) => void = () => {};
  #onEnd: (error: unknown) => void = () => {};
  #failure: unknown;

  constructor(visitorModules: readonly string[]) {
    this.#worker = new Worker(new URL(workerFile, import.meta.url), { workerData: visitorModules });
    this.#worker.on('message', (message: CrewMessage) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('a thread ended before its work did')));
  }

  run(task: CrewTask, onShard: OnShard): Promise<TaskReport> {
    return new Promise((resolve, reject) => {
      this.#onEnd = reject;
      this.#onMessage = (message) => {
        if (message.type === 'done') {
          this.#onEnd = () => {};
          resolve(message.report);
          return;
        }
        // A visitor's results are taken in this thread, and what breaks there breaks the run.
        try {
          onShard(message.shard, message.result, message.workBytes);
        } catch (error) {
          reject(error);
        }
      };
      if (this.#failure === undefined) this.#worker.postMessage(task);
      else reject(this.#failure);
    });
  }

  async end(): Promise<void> {
    this.#onEnd = () => {};
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#onEnd(this.#failure);
  }
}
