// How far the making of a file is, in words, and when to ask again. Pure.
export const SOONEST = 2; // seconds
export const LONGEST = 30;

const WORDS = {
  queued: () => "Waits to be made",
  running: ({ percent }) => `Being made: ${percent} %`,
  done: () => "Made",
  failed: ({ reason }) => `Could not be made: ${reason}`,
};

export const wordsFor = (job) => WORDS[job.state](job);

/** Soon while it moves; ever later while nothing is heard or it only waits. */
export function nextPause(pause, job) {
  if (job?.state === "running") return SOONEST;
  return Math.min(LONGEST, pause * 1.5);
}
