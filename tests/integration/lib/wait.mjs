// Waiting for conditions, never for a while.
import { setTimeout as pause } from 'node:timers/promises';

/** How much slower than an idle machine this one may be: deadlines are multiplied by it. */
export const patience = Number(process.env.VIGIE_TEST_PATIENCE ?? 3);

/**
 * Calls `look` until it answers something truthy, and returns that. An exception counts as "not yet"; the last one is told
 * if the deadline passes.
 */
export async function until(what, look, { seconds = 20, every = 25 } = {}) {
  const deadline = Date.now() + seconds * 1000 * patience;
  let problem;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      problem = undefined;
    } catch (error) {
      if (error.final) throw error;
      problem = error;
    }
    if (Date.now() > deadline) {
      const because = problem ? `: ${problem.stack ?? problem}` : '';
      throw new Error(`waited ${seconds * patience} s in vain for ${what}${because}`);
    }
    await pause(every);
  }
}

/** An error that `until` does not try again after. */
export function final(message) {
  return Object.assign(new Error(message), { final: true });
}

export { pause };
