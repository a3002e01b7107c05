import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

import { base } from "./place";

const routes: RouteRecordRaw[] = [
  { path: "/", name: "home", component: () => import("./pages/HomePage.vue"), meta: { tab: true } },
  { path: "/live/:id", name: "live", component: () => import("./pages/LivePage.vue"), props: true, meta: { bare: true } },
  { path: "/replay/:id", name: "replay", component: () => import("./pages/ReplayPage.vue"), props: true, meta: { bare: true } },
  { path: "/categories", name: "categories", component: () => import("./pages/CategoriesPage.vue"), meta: { tab: true } },
  { path: "/search", name: "search", component: () => import("./pages/SearchPage.vue") },
  { path: "/products/:id", name: "product", component: () => import("./pages/ProductPage.vue"), props: true },
  { path: "/cart", name: "cart", component: () => import("./pages/CartPage.vue"), meta: { tab: true } },
  { path: "/checkout", name: "checkout", component: () => import("./pages/CheckoutPage.vue"), meta: { shopper: true } },
  { path: "/orders", name: "orders", component: () => import("./pages/OrdersPage.vue"), meta: { tab: true } },
  { path: "/orders/:id", name: "order", component: () => import("./pages/OrderPage.vue"), props: true },
  { path: "/orders/:id/after-sales", name: "ask-case", component: () => import("./pages/AskCasePage.vue"), props: true },
  { path: "/after-sales", name: "cases", component: () => import("./pages/CasesPage.vue") },
  { path: "/after-sales/:id", name: "case", component: () => import("./pages/CasePage.vue"), props: true },
  { path: "/complaints/:id", name: "complaint", component: () => import("./pages/ComplaintPage.vue"), props: true },
  { path: "/coupons", name: "coupons", component: () => import("./pages/CouponsPage.vue") },
  { path: "/me/coupons", name: "my-coupons", component: () => import("./pages/MyCouponsPage.vue") },
  { path: "/flash", name: "flash", component: () => import("./pages/FlashPage.vue") },
  { path: "/groups", name: "groups", component: () => import("./pages/GroupsPage.vue") },
  { path: "/groups/:id", name: "group", component: () => import("./pages/GroupPage.vue"), props: true },
  { path: "/bargains", name: "bargains", component: () => import("./pages/BargainsPage.vue") },
  { path: "/bargains/:id", name: "bargain", component: () => import("./pages/BargainPage.vue"), props: true },
  { path: "/me/prizes", name: "prizes", component: () => import("./pages/PrizesPage.vue") },
  { path: "/draws/:id", name: "draw", component: () => import("./pages/DrawPage.vue"), props: true },
  { path: "/me/member", name: "member", component: () => import("./pages/MemberPage.vue") },
  { path: "/sign-in", name: "sign-in", component: () => import("./pages/SignInPage.vue") },
  { path: "/me", name: "me", component: () => import("./pages/MePage.vue"), meta: { tab: true } },
  { path: "/me/addresses", name: "addresses", component: () => import("./pages/AddressesPage.vue") },
  { path: "/:rest(.*)*", name: "lost", component: () => import("./pages/LostPage.vue") },
];

export const router = createRouter({
  history: createWebHistory(base),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
