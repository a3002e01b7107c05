import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

import { meQuery, queryClient } from "./queries";

const routes: RouteRecordRaw[] = [
  { path: "/", redirect: { name: "shows" } },
  { path: "/sign-in", name: "sign-in", component: () => import("./pages/SignInPage.vue"), meta: { bare: true, open: true, title: "signIn.title" } },
  { path: "/guest/:token", name: "guest", component: () => import("./cast/GuestPage.vue"), props: true, meta: { bare: true, open: true, title: "cast.page.title" } },
  { path: "/shows", name: "shows", component: () => import("./pages/ShowsPage.vue"), meta: { title: "shell.shows" } },
  { path: "/shows/:id", name: "show", component: () => import("./pages/ShowPage.vue"), props: true, meta: { title: "shell.shows" } },
  { path: "/shows/:id/run", name: "run", component: () => import("./pages/RunPage.vue"), props: true, meta: { title: "shell.shows" } },
  { path: "/shows/:id/run/print", name: "run-print", component: () => import("./pages/RunPrintPage.vue"), props: true, meta: { bare: true, title: "plan.print" } },
  { path: "/shows/:id/games", name: "games", component: () => import("./pages/GamesPage.vue"), props: true, meta: { title: "games.tray" } },
  { path: "/shows/:id/readiness", name: "readiness", component: () => import("./pages/ReadinessPage.vue"), props: true, meta: { title: "shell.shows" } },
  { path: "/shows/:id/contingency", name: "contingency", component: () => import("./pages/ContingencyPage.vue"), props: true, meta: { title: "shell.shows" } },
  { path: "/shows/:id/rehearsal", name: "rehearsal", component: () => import("./pages/RehearsalPage.vue"), props: true, meta: { title: "rehearsal.title" } },
  { path: "/shows/:id/questions", name: "questions", component: () => import("./pages/QuestionsPage.vue"), props: true, meta: { title: "questions.title" } },
  { path: "/shows/:id/live", name: "live", component: () => import("./pages/LivePage.vue"), props: true, meta: { bare: true, title: "live.title" } },
  { path: "/goods", name: "goods", component: () => import("./pages/GoodsPage.vue"), meta: { can: "edit_goods", title: "shell.goods" } },
  { path: "/goods/import", name: "import", component: () => import("./pages/ImportPage.vue"), meta: { can: "edit_goods", title: "imports.title" } },
  { path: "/goods/categories", name: "categories", component: () => import("./pages/CategoriesPage.vue"), meta: { can: "edit_goods", title: "catalogue.tab.categories" } },
  { path: "/goods/stock", name: "stock", component: () => import("./pages/StockPage.vue"), meta: { can: "edit_goods", title: "catalogue.tab.stock" } },
  { path: "/goods/new", name: "product-new", component: () => import("./pages/ProductPage.vue"), meta: { can: "edit_goods", title: "product.add" } },
  { path: "/goods/:id", name: "product", component: () => import("./pages/ProductPage.vue"), props: true, meta: { can: "edit_goods", title: "shell.goods" } },
  { path: "/orders", name: "orders", component: () => import("./pages/OrdersPage.vue"), meta: { can: "see_orders", title: "shell.orders" } },
  { path: "/orders/parcels", name: "parcels", component: () => import("./pages/ParcelsPage.vue"), meta: { can: "see_orders", title: "sending.page.parcels" } },
  { path: "/orders/batch", name: "shipping-batch", component: () => import("./pages/ShippingBatchPage.vue"), meta: { can: "serve_orders", title: "sending.page.shipping-batch" } },
  { path: "/orders/overdue", name: "overdue", component: () => import("./pages/OverduePage.vue"), meta: { can: "see_orders", title: "sending.page.overdue" } },
  { path: "/orders/groups", name: "groups", component: () => import("./pages/GroupsPage.vue"), meta: { can: "see_orders", title: "sending.page.groups" } },
  { path: "/orders/invoices", name: "invoices", component: () => import("./pages/InvoicesPage.vue"), meta: { can: "see_orders", title: "sending.page.invoices" } },
  { path: "/orders/freight", name: "freight", component: () => import("./pages/FreightPage.vue"), meta: { can: "see_orders", title: "sending.page.freight" } },
  { path: "/after-sales", name: "after-sales", component: () => import("./pages/AftersalesPage.vue"), meta: { can: "see_orders", title: "shell.after-sales" } },
  { path: "/after-sales/:id", name: "after-sale", component: () => import("./pages/AftersalePage.vue"), props: true, meta: { can: "see_orders", title: "shell.after-sales" } },
  { path: "/complaints", name: "complaints", component: () => import("./pages/ComplaintsPage.vue"), meta: { can: "see_orders", title: "shell.complaints" } },
  { path: "/complaints/:id", name: "complaint", component: () => import("./pages/ComplaintPage.vue"), props: true, meta: { can: "see_orders", title: "shell.complaints" } },
  { path: "/promotions", name: "promotions", component: () => import("./pages/PromotionsPage.vue"), meta: { can: "see_console", title: "shell.promotions" } },
  { path: "/promotions/new/:kind", name: "promotion-new", component: () => import("./pages/PromotionPage.vue"), props: true, meta: { can: "run_promotions", title: "promotions.add" } },
  { path: "/promotions/members", name: "club", component: () => import("./pages/ClubPage.vue"), meta: { can: "see_console", title: "club.title" } },
  { path: "/promotions/:id", name: "promotion", component: () => import("./pages/PromotionPage.vue"), props: true, meta: { can: "see_console", title: "shell.promotions" } },
  { path: "/moderation", name: "moderation", component: () => import("./pages/ModerationPage.vue"), meta: { can: "see_console", title: "moderation.title" } },
  { path: "/money", name: "money", component: () => import("./pages/MoneyPage.vue"), meta: { can: "see_money", title: "shell.money" } },
  { path: "/money/days", name: "days", component: () => import("./pages/DaysPage.vue"), meta: { can: "see_money", title: "money.tab.days" } },
  { path: "/money/days/:id", name: "day", component: () => import("./pages/DayPage.vue"), props: true, meta: { can: "see_money", title: "money.tab.days" } },
  { path: "/money/refunds", name: "refunds", component: () => import("./pages/RefundsPage.vue"), meta: { can: "see_money", title: "money.tab.refunds" } },
  { path: "/service", name: "service", component: () => import("./pages/ServicePage.vue"), meta: { can: "serve_orders", title: "shell.service" } },
  { path: "/prompter/:token", name: "prompter", component: () => import("./pages/PrompterPage.vue"), props: true, meta: { bare: true, open: true, title: "prompter.title" } },
  { path: "/staff", name: "staff", component: () => import("./pages/StaffPage.vue"), meta: { can: "manage_staff", title: "shell.staff" } },
  { path: "/:rest(.*)*", name: "lost", component: () => import("./pages/LostPage.vue"), meta: { title: "shell.lost" } },
];

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  if (to.meta.open) return true;
  // When nobody can say who is signed in, the page itself shows the trouble.
  const me = await queryClient.ensureQueryData(meQuery).catch(() => undefined);
  if (me === null) return { name: "sign-in", query: { next: to.fullPath } };
  if (me && to.meta.can && !me.permissions.includes(to.meta.can)) return { name: "lost" };
  return true;
});
