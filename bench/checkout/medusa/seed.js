// Opens the shop: 200 variants that do not run out, two automatic promotions, one way to ship.
// Prints one line that begins with SEEDED, with what the shoppers need.
const { ContainerRegistrationKeys, Modules } = require("@medusajs/framework/utils");
const flows = require("@medusajs/medusa/core-flows");

const KINDS = 200;

module.exports.default = async function seed({ container }) {
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  const run = async (flow, input) => (await flow(container).run({ input })).result;

  const [channel] = await run(flows.createSalesChannelsWorkflow, { salesChannelsData: [{ name: "bench" }] });
  const stores = await container.resolve(Modules.STORE).listStores();
  await run(flows.updateStoresWorkflow, {
    selector: { id: stores[0].id },
    update: { supported_currencies: [{ currency_code: "cny", is_default: true }], default_sales_channel_id: channel.id },
  });
  const [region] = await run(flows.createRegionsWorkflow, {
    regions: [{ name: "CN", currency_code: "cny", countries: ["cn"], payment_providers: ["pp_system_default"] }],
  });
  await run(flows.createTaxRegionsWorkflow, [{ country_code: "cn", provider_id: "tp_system" }]);
  const [place] = await run(flows.createStockLocationsWorkflow, {
    locations: [{ name: "bench", address: { city: "Hangzhou", country_code: "CN", address_1: "1" } }],
  });
  await link.create({ [Modules.STOCK_LOCATION]: { stock_location_id: place.id }, [Modules.FULFILLMENT]: { fulfillment_provider_id: "manual_manual" } });
  const fulfilment = container.resolve(Modules.FULFILLMENT);
  const known = await fulfilment.listShippingProfiles({ type: "default" });
  const profile = known[0] ?? (await run(flows.createShippingProfilesWorkflow, { data: [{ name: "Default", type: "default" }] }))[0];
  const set = await fulfilment.createFulfillmentSets({
    name: "bench",
    type: "shipping",
    service_zones: [{ name: "CN", geo_zones: [{ country_code: "cn", type: "country" }] }],
  });
  await link.create({ [Modules.STOCK_LOCATION]: { stock_location_id: place.id }, [Modules.FULFILLMENT]: { fulfillment_set_id: set.id } });
  const [option] = await run(flows.createShippingOptionsWorkflow, [
    {
      name: "Standard",
      price_type: "flat",
      provider_id: "manual_manual",
      service_zone_id: set.service_zones[0].id,
      shipping_profile_id: profile.id,
      type: { label: "Standard", description: "", code: "standard" },
      prices: [{ currency_code: "cny", amount: 8 }],
      rules: [
        { attribute: "enabled_in_store", value: "true", operator: "eq" },
        { attribute: "is_return", value: "false", operator: "eq" },
      ],
    },
  ]);
  await run(flows.linkSalesChannelsToStockLocationWorkflow, { id: place.id, add: [channel.id] });
  const [key] = await run(flows.createApiKeysWorkflow, { api_keys: [{ title: "bench", type: "publishable", created_by: "" }] });
  await run(flows.linkSalesChannelsToApiKeyWorkflow, { id: key.id, add: [channel.id] });

  const products = await run(flows.createProductsWorkflow, {
    products: Array.from({ length: KINDS }, (_, n) => ({
      title: `goods ${n}`,
      handle: `goods-${n}`,
      status: "published",
      shipping_profile_id: profile.id,
      options: [{ title: "Kind", values: ["one"] }],
      variants: [{ title: "one", sku: `goods-${n}`, options: { Kind: "one" }, prices: [{ amount: 49 + n, currency_code: "cny" }] }],
      sales_channels: [{ id: channel.id }],
    })),
  });
  const stock = await container.resolve(Modules.INVENTORY).listInventoryItems({}, { take: 10_000 });
  await run(flows.createInventoryLevelsWorkflow, {
    inventory_levels: stock.map(({ id }) => ({ location_id: place.id, stocked_quantity: 10_000_000, inventory_item_id: id })),
  });
  const reduction = (code, value) => ({
    code,
    type: "standard",
    status: "active",
    is_automatic: true,
    application_method: { type: "percentage", target_type: "items", allocation: "across", value, currency_code: "cny" },
  });
  await run(flows.createPromotionsWorkflow, { promotionsData: [reduction("FIVE", 5), reduction("TEN", 10)] });

  const variants = products.flatMap((product) => product.variants.map(({ id }) => id));
  console.log(`SEEDED ${JSON.stringify({ key: key.token, region: region.id, option: option.id, variants })}`);
};
