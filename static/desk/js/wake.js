// The screen stays on while the desk is in view. Browsers allow it on secure pages only; elsewhere nothing happens.
export function keepAwake({ page = document, device = navigator } = {}) {
  let lock = null;
  const hold = async () => {
    if (page.visibilityState !== "visible" || (lock && !lock.released)) return;
    try {
      lock = (await device.wakeLock?.request("screen")) ?? null;
    } catch {
      lock = null; // low battery, or not allowed here
    }
  };
  page.addEventListener("visibilitychange", hold);
  hold();
}
