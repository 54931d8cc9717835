// Plays the pages of tests/sheets/test_saver.py: one JSON command a line in, one JSON answer a line out.
import { createInterface } from "node:readline";
import * as saver from "../../static/sheets/js/saver.js";

let clients = [];
const commands = {
  start: ({ document, count }) => {
    clients = Array.from({ length: count }, () => saver.fresh(document));
  },
  begin: ({ client }) => {
    const [state, request] = saver.begin(clients[client]);
    clients[client] = state;
    return request;
  },
  state: ({ client }) => ({ ...clients[client], standing: saver.standing(clients[client]) }),
  leave: ({ client, document }) => {
    const left = saver.kept(clients[client]);
    clients[client] = left ? saver.restored(document, JSON.parse(JSON.stringify(left))) : saver.fresh(document);
  },
};
for (const name of ["edit", "merge", "accepted", "stale", "lost", "refused", "resolve"]) {
  commands[name] = ({ client, args }) => {
    clients[client] = saver[name](clients[client], ...args);
  };
}
for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...rest } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(commands[name](rest) ?? null)}\n`);
}
