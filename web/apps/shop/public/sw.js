// Keeps the shell of the shop for offline starts. Never touches the API, pictures or video:
// prices, stock and shows must be true, or absent.
const SHELL = "xinbo-shell-1";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.add(new Request("/", { cache: "reload" }))));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && !url.pathname.startsWith("/console") && !url.pathname.startsWith("/api")) {
    event.respondWith(page(request));
  } else if (url.pathname.startsWith("/assets/")) {
    // Names carry a hash of the content, so what is kept can never be stale.
    event.respondWith(asset(request));
  }
});

self.addEventListener("message", (event) => {
  event.waitUntil(keep(event.data?.keep ?? []));
});

async function keep(urls) {
  const cache = await caches.open(SHELL);
  for (const url of urls) if (!(await cache.match(url))) await cache.add(url).catch(() => undefined);
}

async function page(request) {
  const cache = await caches.open(SHELL);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await renew(cache, fresh.clone());
    return fresh;
  } catch {
    return (await cache.match("/")) ?? Response.error();
  }
}

// Another first page means another build: what the one before was made of goes.
async function renew(cache, fresh) {
  const kept = await cache.match("/");
  if (kept && (await kept.text()) !== (await fresh.clone().text())) {
    for (const request of await cache.keys()) await cache.delete(request);
  }
  await cache.put("/", fresh);
}

async function asset(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}
