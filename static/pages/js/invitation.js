// The code of an invitation stands behind the # of its link: it goes into the form, and out of the address bar.
const form = document.querySelector("form[data-invitation]");
const code = decodeURIComponent(location.hash.slice(1));
if (form && /^trp_[a-z]{2,12}_[0-9A-Za-z]{36}$/.test(code)) {
  history.replaceState(null, "", location.pathname);
  form.elements.namedItem("token").value = code;
  form.requestSubmit();
}
