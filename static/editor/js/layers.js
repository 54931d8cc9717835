/*
 * What covers what. `z` of a placed badge is -99 to 99; those without a place flow at 0, in roster order.
 * A stack is a list of keys from the back to the front with FLOW between, where the flowing ones are.
 */

export const FLOW = "";

/** `placed`: [{key, z}] in the order in which the page draws equals. */
export function stackOf(placed) {
  const order = placed.map(({ key, z }, at) => ({ key, z, at })).sort((a, b) => a.z - b.z || a.at - b.at);
  const behind = order.filter(({ z }) => z < 0).map(({ key }) => key);
  return [...behind, FLOW, ...order.filter(({ z }) => z >= 0).map(({ key }) => key)];
}

/** {key: z} of a stack: counted from the flow outwards. */
export function heights(stack) {
  const flow = stack.indexOf(FLOW);
  return Object.fromEntries(stack.flatMap((key, at) => (key === FLOW ? [] : [[key, at - flow]])));
}

const STEPS = {
  forward: (at) => at + 1,
  backward: (at) => at - 1,
  front: (_, last) => last,
  back: () => 0,
};

/** The stack with one key a step on, or at an end. */
export function shifted(stack, key, step) {
  const at = stack.indexOf(key);
  if (at < 0) return stack;
  const rest = stack.filter((other) => other !== key);
  const to = Math.max(0, Math.min(rest.length, STEPS[step](at, rest.length)));
  return [...rest.slice(0, to), key, ...rest.slice(to)];
}
