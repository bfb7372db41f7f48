"serviceWorker" in navigator && addEventListener("load", async () => {
const all = navigator.serviceWorker, bar = document.getElementById("renewal");
const own = await all.register("/sw.js").catch(() => {});
if (!own) return;
const show = () => { bar.hidden = !own.waiting || !all.controller; };
const watch = () => own.installing?.addEventListener("statechange", show);
own.addEventListener("updatefound", watch);
watch();
show();
bar.querySelector("button").addEventListener("click", () => {
all.addEventListener("controllerchange", () => location.reload(), { once: true });
own.waiting?.postMessage({ kind: "renew" });
});
const look = () => document.hidden || own.update().catch(() => {});
document.addEventListener("visibilitychange", look);
setInterval(look, 3600000);
});
