"""A server with a BMC that speaks Redfish (DMTF DSP0266), by the library sushy."""
