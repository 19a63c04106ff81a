"""A machine whose power is switched by a site's own commands: ipmitool, a smart plug's, Intel AMT's."""
