// One line that says whether what is tapped arrives. A blip of a second is nobody's business.

const STILL_FINE_MS = 2000;

/** facts: {connection, waiting, failed, trouble, lostFor}; returns {is, icon, text}. Pure. */
export function netState({ connection, waiting, failed, trouble, lostFor }) {
  const queued = waiting ? `, ${waiting} queued` : "";
  if (trouble === "signed-out") return { is: "signed-out", icon: "alert", text: `Signed out${queued}` };
  if (trouble === "away" || lostFor > STILL_FINE_MS) return { is: "offline", icon: "off", text: `Offline${queued}` };
  if (failed) return { is: "trouble", icon: "alert", text: `${failed} not saved` };
  if (waiting) return { is: "pending", icon: "clock", text: `${waiting} pending` };
  return connection === "open" ? { is: "live", icon: "live", text: "Live" } : { is: "connecting", icon: "clock", text: "Connecting" };
}

export function paintNet(line, facts) {
  const { is, icon, text } = netState(facts);
  line.dataset.is = is;
  line.querySelector("use").setAttribute("href", `#i-${icon}`);
  const said = line.querySelector("[role=status]");
  if (said.textContent !== text) said.textContent = text;
  const sign = line.querySelector("[data-sign-in]");
  if (sign) sign.hidden = is !== "signed-out";
}
