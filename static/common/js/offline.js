// The page for when the network is away: goes back to where one wanted to go as soon as that answers.
const EVERY_MS = 5000;
const said = document.querySelector("[data-part=said]");

async function tryAgain() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (answer.ok) location.reload();
  } catch {
    said.textContent = `Still no connection at ${new Date().toLocaleTimeString()}.`;
  }
}

// Without script the link asks for the page once more.
document.querySelector("[data-do=retry]").addEventListener("click", (event) => {
  event.preventDefault();
  tryAgain();
});
window.addEventListener("online", tryAgain);
// Asked for by its own address, it has nowhere to go back to.
if (location.pathname !== "/offline") setInterval(() => document.hidden || tryAgain(), EVERY_MS);
