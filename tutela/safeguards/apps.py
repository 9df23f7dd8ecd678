from django.apps import AppConfig


class SafeguardsConfig(AppConfig):
    name = "tutela.safeguards"
