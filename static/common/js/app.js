// Registers the service worker, which keeps the page for when the network is away. Browsers allow it on secure pages only.
if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/service-worker.js").catch(() => {}), { once: true });
}
